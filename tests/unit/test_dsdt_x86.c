/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/unit/test_dsdt_x86.c - DSDT and small tables of recorded machines */
#include <string.h>

#include "common/lib/byte_sum.h"
#include "tests/unit/test.h"
#include "tests/unit/x86_tables.h"

static void every_cpu_is_a_device(void)
{
	const uint8_t *first = NULL;

	build("q35-1024");
	EXPECT_EQ(count_in_dsdt("ACPI0007", &first), 1024);
	for (unsigned i = 0; i < 1024; i++) {
		const uint8_t *device = first - 13 + 32 * i;
		const uint8_t name[4] = { 'C', (uint8_t)('A' + (i >> 8)),
			                  (uint8_t)('A' + (i >> 4) % 16),
			                  (uint8_t)('A' + i % 16) };

		EXPECT(memcmp(device + 3, name, 4) == 0);
		EXPECT_EQ(load_le32(device + 28), i);
	}
}

/* Returns the GSI that the _PRT has for a slot's pin. Pin A is 0. */
static uint32_t routed(unsigned slot, unsigned pin)
{
	const uint8_t *prt = NULL;
	const uint8_t *entry;

	EXPECT_EQ(count_in_dsdt("_PRT", &prt), 1);
	entry = prt + 9 + 16 * (4 * slot + pin);
	EXPECT_EQ(load_le32(entry + 4), slot << 16 | 0xffff);
	EXPECT_EQ(entry[9], pin);
	return load_le32(entry + 12);
}

static void interrupts_are_routed_as_wired(void)
{
	const uint8_t *prt = NULL;

	build("pc");
	EXPECT_EQ(count_in_dsdt("_PRT", &prt), 1);
	EXPECT_EQ(prt[8], 32 * 4); /* rows */
	for (unsigned slot = 0; slot < 32; slot++)
		for (unsigned pin = 0; pin < 4; pin++)
			EXPECT_EQ(routed(slot, pin),
			          (slot + pin + 3) % 4 < 2 ? 10 : 11);
	build("q35");
	for (unsigned slot = 0; slot < 32; slot++)
		for (unsigned pin = 0; pin < 4; pin++)
			EXPECT_EQ(routed(slot, pin),
			          slot < 25    ? 20 + (slot + pin) % 4
			          : slot == 30 ? 20 + pin
			                       : 16 + pin);
	build("microvm-pcie-ioapic1");
	EXPECT_EQ(routed(3, 2), 12 + (3 + 2) % 4);
	build("microvm");
	EXPECT_EQ(count_in_dsdt("_PRT", NULL), 0);
}

static void ecam_is_told_and_claimed(void)
{
	const struct acpi_mcfg_entry *entry;

	build("q35");
	entry = (const void *)((const uint8_t *)find("MCFG") + 44);
	EXPECT_EQ(entry->base_address, 0xb0000000);
	EXPECT_EQ(entry->bus_last, 255);
	EXPECT_EQ(count_in_dsdt("ECAM", NULL), 1);
	build("odd");
	entry = (const void *)((const uint8_t *)find("MCFG") + 44);
	EXPECT_EQ(entry->base_address, (64ull << 30) - (32ull << 20));
	EXPECT_EQ(entry->bus_first, 32);
	EXPECT_EQ(entry->bus_last, 63);
	build("cloud-hypervisor");
	EXPECT_EQ(length_of(find("MCFG")), 44 + 2 * 16);
	entry = (const void *)((const uint8_t *)find("MCFG") + 44);
	EXPECT_EQ(entry->bus_last, 0);
	build("pc");
	EXPECT(!find("MCFG"));
	EXPECT_EQ(count_in_dsdt("ECAM", NULL), 0);
}

static uint32_t osc_mask(const char *name)
{
	const uint8_t *osc = NULL;

	build(name);
	EXPECT_EQ(count_in_dsdt("_OSC", &osc), 1);
	return load_le32(osc + 64);
}

/* QEMU's ICH9 does hot plug itself. */
static void express_is_the_kernels(void)
{
	EXPECT_EQ(osc_mask("q35"), 0xfffffffe);
	EXPECT_EQ(osc_mask("microvm-pcie"), 0xffffffff);
	build("pc");
	EXPECT_EQ(count_in_dsdt("_OSC", NULL), 0);
}

static void small_tables_say_what_is_there(void)
{
	const struct acpi_spcr *spcr;
	const struct acpi_fpdt *fpdt;
	const struct acpi_fbpt *fbpt;

	build("q35-iommu-288");
	EXPECT_EQ(((const struct acpi_dmar *)find("DMAR"))->flags, 1);
	EXPECT_EQ(((const struct acpi_dmar *)find("DMAR"))->host_address_width,
	          38);
	EXPECT_EQ(
		((const struct acpi_hpet *)find("HPET"))->base_address.address,
		0xfed00000);
	EXPECT_EQ(((const struct acpi_waet *)find("WAET"))->flags, 2);
	fpdt = find("FPDT");
	fbpt = at(fpdt->fbpt_address);
	EXPECT(memcmp(fbpt, "FBPT", 4) == 0);
	EXPECT_EQ(fbpt->reset_end, 11);
	EXPECT_EQ(fbpt->exit_boot_services_exit, 44);
	spcr = find("SPCR");
	EXPECT_EQ(spcr->interface_type, 0);
	EXPECT_EQ(spcr->base_address.space_id, ACPI_SPACE_IO);
	EXPECT_EQ(spcr->base_address.address, 0x3f8);
	EXPECT_EQ(spcr->interrupt_type, 3);
	EXPECT_EQ(spcr->irq, 4);
	EXPECT_EQ(spcr->baud_rate, 7);
	build("odd");
	spcr = find("SPCR");
	EXPECT_EQ(spcr->base_address.space_id, ACPI_SPACE_MEMORY);
	EXPECT_EQ(spcr->base_address.access_size, ACPI_ACCESS_DWORD);
	EXPECT_EQ(spcr->irq, 0);
	EXPECT_EQ(spcr->gsi, 23);
	EXPECT_EQ(spcr->baud_rate, 0);
	build("cloud-hypervisor");
	EXPECT(!find("SPCR"));
	build("firecracker"); /* without 8259s */
	EXPECT_EQ(((const struct acpi_spcr *)find("SPCR"))->interrupt_type, 2);
	build("bochs");
	EXPECT(!find("WAET"));
}

/* ACPI 6.4 section 19.3.4: "PNP" and four digits, in 32 bits. */
static uint32_t pnp_id(uint32_t number)
{
	return __builtin_bswap32(('P' - '@') << 26 | ('N' - '@') << 21 |
	                         ('P' - '@') << 16 | number);
}

/* Its ID and resources are all that a device has, in this order. */
static void expect_device(const char *name, uint32_t number,
                          const uint8_t *resources, uint32_t size)
{
	static const uint8_t hid[] = { 0x08, '_', 'H', 'I', 'D', 0x0c };
	static const uint8_t crs[] = { 0x08, '_', 'C', 'R', 'S', 0x11 };
	const uint8_t *at = NULL;

	EXPECT_EQ(count_in_dsdt(name, &at), 1);
	EXPECT_EQ(at[-3], 0x5b);
	EXPECT_EQ(at[-2], 0x82);
	EXPECT_EQ(at[-1], 1 + 4 + 10 + 9 + size); /* its length */
	EXPECT(!memcmp(at + 4, hid, sizeof(hid)));
	EXPECT_EQ(load_le32(at + 10), pnp_id(number));
	EXPECT(!memcmp(at + 14, crs, sizeof(crs)));
	EXPECT_EQ(at[20], 3 + size); /* of the buffer */
	EXPECT_EQ(at[21], 0x0a);
	EXPECT_EQ(at[22], size);
	EXPECT(!memcmp(at + 23, resources, size));
}

/* Section 6.4.2: ports are 0x47, interrupts 0x22, the end is 0x79. */
static void old_devices_are_where_they_always_were(void)
{
	static const uint8_t rtc[] = { 0x47, 1,    0x70, 0, 0x70, 0, 1,
		                       2,    0x22, 0,    1, 0x79, 0 };
	static const uint8_t keyboard[] = { 0x47, 1, 0x60, 0,    0x60, 0, 1, 1,
		                            0x47, 1, 0x64, 0,    0x64, 0, 1, 1,
		                            0x22, 2, 0,    0x79, 0 };
	static const uint8_t mouse[] = { 0x22, 0, 0x10, 0x79, 0 };

	build("pc");
	expect_device("RTC0", 0x0b00, rtc, sizeof(rtc));
	expect_device("KBD0", 0x0303, keyboard, sizeof(keyboard));
	expect_device("MOU0", 0x0f13, mouse, sizeof(mouse));
}

/* Memory32Fixed is 0x86: section 6.4.3.4. */
static void devices_in_memory_are_where_the_machine_has_them(void)
{
	static const uint8_t hpet[] = { 0x86, 9, 0, 0, 0, 0x10, 0xd0,
		                        0xfe, 0, 4, 0, 0, 0x79, 0 };
	static const uint8_t apics[] = { 0x86, 9, 0,    1,    0,    0,    0xe0,
		                         0xfe, 0, 0x10, 0,    0,    0x86, 9,
		                         0,    1, 0,    0x20, 0xc1, 0xfe, 0,
		                         0x10, 0, 0,    0x79, 0 };

	machines_fill_named("bochs", &machine);
	machine.pc.hpet_paddr = 0xfed01000;
	machine.pc.ioapics[0].paddr = 0xfec12000;
	build_into(AREA_SIZE);
	expect_device("HPET", 0x0103, hpet, sizeof(hpet));
	expect_device("APIC", 0x0003, apics, sizeof(apics));
	machine.pc.hpet_paddr = 0;
	build_into(AREA_SIZE);
	EXPECT_EQ(count_in_dsdt("HPET", NULL), 0);
}

#define EXPECT_AML(aml) expect_aml(aml, sizeof(aml) - 1)

/* `aml` must be in the DSDT once. */
static void expect_aml(const char *aml, size_t size)
{
	const uint8_t *dsdt = at(acpi.dsdt_paddr);
	uint32_t count = 0;

	for (uint32_t i = 36; i + size <= length_of(dsdt); i++)
		count += memcmp(dsdt + i, aml, size) == 0;
	EXPECT_EQ(count, 1);
}

/* QEMU docs/specs/fw_cfg.rst, "ACPI Interface" */
static void fw_cfg_is_what_qemu_calls_it(void)
{
	build("pc");
	EXPECT_AML("\x5b\x82\x2e"
	           "FWCF\x08_HID\x0d"
	           "QEMU0002\0\x08_STA\x0a\x0b\x08_CRS\x11\x0d\x0a\x0a"
	           "\x47\x01\x10\x05\x10\x05\x01\x0c\x79\0");
	build("bochs");
	EXPECT_EQ(count_in_dsdt("FWCF", NULL), 0);
}

static void vmbus_is_what_linux_looks_for(void)
{
	build("openvmm");
	EXPECT_AML("\x5b\x82\x1f"
	           "VMBS\x14\x0e_HID\0\xa4\x0d"
	           "VMBUS\0\x08_CRS\x11\x05\x0a\x02\x79\0");
	/* The first window of the module above it; 6.4.3.5.1: QWord. */
	EXPECT_AML("\x8a\x2b\0\0\x0c\x01"
	           "\0\0\0\0\0\0\0\0"
	           "\0\0\0\xf8\0\0\0\0"
	           "\xff\xff\xff\xfd\0\0\0\0"
	           "\0\0\0\0\0\0\0\0"
	           "\0\0\0\x06\0\0\0\0");
	EXPECT_AML("\0\0\0\0\x02\0\0\0"
	           "\xff\xff\xff\x1f\x02\0\0\0");
}

/* Section 7.4.2: both values are of PM1a and PM1b. */
static void the_value_that_turns_off_is_the_machines(void)
{
	build("microvm-acpi");
	EXPECT_AML("\x08_S5_\x12\x08\x04\x0a\x05\x0a\x05\0\0");
	build("pc");
	EXPECT_AML("\x08_S5_\x12\x08\x04\x0a\0\x0a\0\0\0");
	build("firecracker");
	EXPECT_EQ(count_in_dsdt("_S5_", NULL), 0);
}

/* 0x89 is an interrupt, of the device's own: an edge has bit 1. */
static void each_uart_has_its_registers_and_interrupt(void)
{
	build("openvmm");
	EXPECT_AML("COM1\x08_HID\x0c\x41\xd0\x05\x01\x08_UID\x0c\x01\0\0\0");
	EXPECT_AML("COM2\x08_HID\x0c\x41\xd0\x05\x01\x08_UID\x0c\x02\0\0\0");
	EXPECT_AML("\x47\x01\xf8\x03\xf8\x03\x01\x08"
	           "\x89\x06\0\x03\x01\x04\0\0\0\x79\0");
	EXPECT_AML("\x47\x01\xf8\x02\xf8\x02\x01\x08"
	           "\x89\x06\0\x03\x01\x03\0\0\0\x79\0");
	build("odd");
	EXPECT_AML("\x86\x09\0\x01\0\0\0\xfe\x20\0\0\0"
	           "\x89\x06\0\x03\x01\x17\0\0\0\x79\0");
	EXPECT_AML("\x86\x09\0\x01\0\0\0\xfe\x20\0\0\0"
	           "\x89\x06\0\x01\x01\x17\0\0\0\x79\0");
}

/* SPCR, "Baud Rate": other speeds are as the UART was set up. */
static void speeds_have_codes(void)
{
	static const struct {
		uint32_t baud, code;
	} speeds[] = { { 9600, 3 },   { 19200, 4 }, { 57600, 6 },
		       { 115200, 7 }, { 38400, 0 }, { 0, 0 } };

	for (uint32_t i = 0; i < ARRAY_COUNT(speeds); i++) {
		machines_fill_named("pc", &machine);
		machine.uarts[0].baud = speeds[i].baud;
		build_into(AREA_SIZE);
		EXPECT_EQ(((const struct acpi_spcr *)find("SPCR"))->baud_rate,
		          speeds[i].code);
	}
}

static void without_times_there_is_no_fpdt(void)
{
	machines_fill_named("pc", &machine);
	acpi_begin_area(&acpi, area, AREA_BASE, AREA_SIZE);
	acpi_x86_build(&acpi, &machine, NULL);
	EXPECT(!find("FPDT"));
}

static void what_the_vmm_has_is_described(void)
{
	const struct acpi_srat *srat;

	build("openvmm");
	EXPECT_EQ(count_in_dsdt("VMBUS", NULL), 1);
	EXPECT_EQ(count_in_dsdt("ACPI0004", NULL), 1);
	EXPECT_EQ(count_in_dsdt("COM2", NULL), 1);
	EXPECT_EQ(count_in_dsdt("APIC", NULL), 1);
	EXPECT_EQ(count_in_dsdt("LNRO0005", NULL), 1);
	srat = find("SRAT");
	EXPECT(memcmp(srat->header.oem_id, "HVLITE", 6) == 0);
	EXPECT_EQ(length_of(srat), sizeof(*srat));
	EXPECT_EQ(byte_sum(srat, sizeof(*srat)), 0);
	build("q35");
	EXPECT_EQ(count_in_dsdt("VMBUS", NULL), 0);
	EXPECT_EQ(count_in_dsdt("APIC", NULL), 0);
}

int main(void)
{
	RUN(every_cpu_is_a_device);
	RUN(interrupts_are_routed_as_wired);
	RUN(ecam_is_told_and_claimed);
	RUN(express_is_the_kernels);
	RUN(small_tables_say_what_is_there);
	RUN(old_devices_are_where_they_always_were);
	RUN(devices_in_memory_are_where_the_machine_has_them);
	RUN(fw_cfg_is_what_qemu_calls_it);
	RUN(vmbus_is_what_linux_looks_for);
	RUN(the_value_that_turns_off_is_the_machines);
	RUN(each_uart_has_its_registers_and_interrupt);
	RUN(speeds_have_codes);
	RUN(what_the_vmm_has_is_described);
	RUN(without_times_there_is_no_fpdt);
	return test_status();
}
