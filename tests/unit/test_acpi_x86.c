/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/unit/test_acpi_x86.c - what the tables say of the recorded machines */
#include <stdlib.h>
#include <string.h>

#include "arch/x86_64/acpi_x86.h"
#include "tests/unit/machines.h"
#include "tests/unit/test.h"

#define AREA_BASE 0x19000
#define AREA_END  0x70000
#define AREA_SIZE (AREA_END - AREA_BASE)
#define CANARY    0x5a

static _Alignas(64) uint8_t area[AREA_SIZE + 64];
static struct machine machine;
static struct acpi acpi;
static const struct acpi_fpdt_times times = { 11, 22, 33, 44 };

static uint8_t byte_sum(const void *data, size_t size)
{
	const uint8_t *bytes = data;
	uint8_t sum = 0;

	while (size-- > 0)
		sum = (uint8_t)(sum + *bytes++);
	return sum;
}

static void build_into(uint64_t size)
{
	memset(area, CANARY, sizeof(area));
	acpi_begin_area(&acpi, area, AREA_BASE, size);
	acpi_x86_build(&acpi, &machine, &times);
}

static void build(const char *name)
{
	machines_fill_named(name, &machine);
	build_into(AREA_SIZE);
}

static const void *at(paddr_t paddr)
{
	return area + (paddr - AREA_BASE);
}

/* The table of that name, or NULL. */
static const void *find(const char *signature)
{
	for (uint32_t i = 0; i < acpi.table_count; i++)
		if (memcmp(at(acpi.tables[i]), signature, 4) == 0)
			return at(acpi.tables[i]);
	return NULL;
}

static uint32_t length_of(const void *table)
{
	return load_le32((const uint8_t *)table + 4);
}

/* How often `text` is in the DSDT; and where first, if wanted. */
static unsigned count_in_dsdt(const char *text, const uint8_t **first)
{
	const uint8_t *dsdt = at(acpi.dsdt_paddr);
	size_t size = strlen(text);
	unsigned count = 0;

	for (uint32_t i = 36; i + size <= length_of(dsdt); i++) {
		if (memcmp(dsdt + i, text, size) != 0)
			continue;
		if (count++ == 0 && first)
			*first = dsdt + i;
	}
	return count;
}

static void check_all_tables(const char *name)
{
	EXPECT_EQ(byte_sum(at(acpi.xsdt_paddr), length_of(at(acpi.xsdt_paddr))),
	          0);
	EXPECT_EQ(length_of(at(acpi.xsdt_paddr)), 36 + 8 * acpi.table_count);
	EXPECT_EQ(byte_sum(at(acpi.dsdt_paddr), length_of(at(acpi.dsdt_paddr))),
	          0);
	for (uint32_t i = 0; i < acpi.table_count; i++) {
		const uint8_t *table = at(acpi.tables[i]);

		EXPECT_EQ(byte_sum(table, length_of(table)), 0);
		EXPECT_EQ(acpi.tables[i] % 8, 0);
		EXPECT(acpi.tables[i] + length_of(table) <=
		       AREA_BASE + acpi_used(&acpi));
	}
	EXPECT_EQ(acpi.facs_paddr % 64, 0);
	EXPECT(find("FACP") && find("APIC") && find("FPDT"));
	EXPECT(acpi_used(&acpi) <= AREA_SIZE && name);
}

static void every_machine_has_sound_tables(void)
{
	for (unsigned i = 0; i < machines_count(); i++) {
		build(machines_name(i));
		check_all_tables(machines_name(i));
	}
}

static void tables_are_the_same_each_time(void)
{
	static uint8_t before[AREA_SIZE];

	for (unsigned i = 0; i < machines_count(); i++) {
		build(machines_name(i));
		memcpy(before, area, acpi_used(&acpi));
		machines_fill(i, &machine);
		memset(area, 0, sizeof(area));
		acpi_begin_area(&acpi, area, AREA_BASE, AREA_SIZE);
		acpi_x86_build(&acpi, &machine, &times);
		for (uint32_t j = 0; j < acpi.table_count; j++)
			EXPECT(memcmp(at(acpi.tables[j]),
			              before + (acpi.tables[j] - AREA_BASE),
			              length_of(at(acpi.tables[j]))) == 0);
	}
}

static void any_smaller_area_panics_and_is_kept(void)
{
	uint64_t needed;

	build("q35-nodes");
	needed = acpi_used(&acpi) + ACPI_ROOM;
	build_into(needed);
	check_all_tables("q35-nodes");
	for (uint64_t size = 1; size < needed; size += 13) {
		EXPECT_PANIC("acpi: tables: more than 0x", build_into(size));
		EXPECT_EQ(area[size], CANARY);
	}
}

static void pc_has_a_pm1_block(void)
{
	const struct acpi_fadt *fadt;
	const struct acpi_facs *facs;

	build("pc");
	fadt = find("FACP");
	facs = at(acpi.facs_paddr);
	EXPECT_EQ(fadt->firmware_ctrl, acpi.facs_paddr);
	EXPECT_EQ(fadt->dsdt, acpi.dsdt_paddr);
	EXPECT_EQ(fadt->x_dsdt, acpi.dsdt_paddr);
	EXPECT(memcmp(facs, "FACS", 4) == 0);
	EXPECT_EQ(facs->length, 64);
	EXPECT_EQ(fadt->sci_int, 9);
	EXPECT_EQ(fadt->smi_cmd, 0xb2);
	EXPECT_EQ(fadt->acpi_enable, 0xf1);
	EXPECT_EQ(fadt->pm1a_evt_blk, 0x600);
	EXPECT_EQ(fadt->pm1a_cnt_blk, 0x604);
	EXPECT_EQ(fadt->pm_tmr_blk, 0x608);
	EXPECT_EQ(fadt->gpe0_blk, 0xafe0);
	EXPECT_EQ(fadt->flags, 0x84a5);
	EXPECT_EQ(fadt->iapc_boot_arch, 3);
	EXPECT_EQ(fadt->century, 0x32);
	EXPECT_EQ(fadt->reset_reg.space_id, ACPI_SPACE_IO);
	EXPECT_EQ(fadt->reset_reg.address, 0xcf9);
	EXPECT_EQ(fadt->reset_value, 0x0f);
}

/* ACPICA complains where the old fields and the new ones differ. */
static void old_and_new_fadt_fields_agree(void)
{
	const char *names[] = { "pc", "q35", "bochs" };

	for (unsigned i = 0; i < ARRAY_COUNT(names); i++) {
		const struct acpi_fadt *fadt;

		build(names[i]);
		fadt = find("FACP");
		EXPECT_EQ(fadt->x_pm1a_evt_blk.address, fadt->pm1a_evt_blk);
		EXPECT_EQ(fadt->x_pm1a_evt_blk.bit_width,
		          8 * fadt->pm1_evt_len);
		EXPECT_EQ(fadt->x_pm1a_cnt_blk.address, fadt->pm1a_cnt_blk);
		EXPECT_EQ(fadt->x_pm1a_cnt_blk.bit_width,
		          8 * fadt->pm1_cnt_len);
		EXPECT_EQ(fadt->x_pm_tmr_blk.address, fadt->pm_tmr_blk);
		EXPECT_EQ(fadt->x_pm_tmr_blk.bit_width, 8 * fadt->pm_tmr_len);
		EXPECT_EQ(fadt->x_gpe0_blk.address, fadt->gpe0_blk);
		EXPECT_EQ(fadt->x_gpe0_blk.bit_width, 8 * fadt->gpe0_blk_len);
	}
}

static void microvm_is_hardware_reduced(void)
{
	const struct acpi_fadt *fadt;

	build("microvm-acpi");
	fadt = find("FACP");
	EXPECT_EQ(acpi.facs_paddr, 0);
	EXPECT_EQ(fadt->firmware_ctrl, 0);
	EXPECT_EQ(fadt->flags,
	          ACPI_FADT_WBINVD | ACPI_FADT_PROC_C1 | ACPI_FADT_PWR_BUTTON |
	                  ACPI_FADT_SLP_BUTTON | ACPI_FADT_RESET_REG_SUP |
	                  ACPI_FADT_HW_REDUCED);
	EXPECT_EQ(fadt->pm1a_evt_blk, 0);
	EXPECT_EQ(fadt->sleep_control_reg.address, 0xfea00200);
	EXPECT_EQ(fadt->sleep_control_reg.space_id, ACPI_SPACE_MEMORY);
	EXPECT_EQ(fadt->sleep_status_reg.address, 0xfea00201);
	EXPECT_EQ(fadt->reset_reg.address, 0xfea00202);
	EXPECT_EQ(fadt->reset_reg.space_id, ACPI_SPACE_MEMORY);
	EXPECT_EQ(fadt->iapc_boot_arch, ACPI_IAPC_VGA_NOT_PRESENT);
	EXPECT_EQ(count_in_dsdt("ACPI0013", NULL), 1);
	EXPECT_EQ(count_in_dsdt("_S5_", NULL), 1);

	build("microvm");
	EXPECT_EQ(count_in_dsdt("ACPI0013", NULL), 0);
	EXPECT_EQ(count_in_dsdt("_S5_", NULL), 0);
	EXPECT_EQ(count_in_dsdt("LNRO0005", NULL), 8);
}

static void sleep_registers_may_be_ports(void)
{
	const struct acpi_fadt *fadt;

	build("cloud-hypervisor");
	fadt = find("FACP");
	EXPECT_EQ(fadt->sleep_control_reg.space_id, ACPI_SPACE_IO);
	EXPECT_EQ(fadt->sleep_control_reg.address, 0x3c0);
	EXPECT_EQ(fadt->reset_reg.space_id, ACPI_SPACE_IO);
}

/* Counts MADT or SRAT entries of a type; `first` is the first of them. */
static unsigned count_entries(const void *table, size_t head, uint8_t type,
                              const uint8_t **first)
{
	const uint8_t *entry = (const uint8_t *)table + head;
	const uint8_t *end = (const uint8_t *)table + length_of(table);
	unsigned count = 0;

	while (entry < end) {
		if (entry[0] == type && count++ == 0 && first)
			*first = entry;
		EXPECT(entry[1] >= 6);
		entry += entry[1];
	}
	EXPECT(entry == end);
	return count;
}

#define COUNT_MADT(type, first)                                                \
	count_entries(find("APIC"), sizeof(struct acpi_madt), type, first)
#define COUNT_SRAT(type, first)                                                \
	count_entries(find("SRAT"), sizeof(struct acpi_srat), type, first)

static void madt_lists_cpus_and_interrupts(void)
{
	const uint8_t *first = NULL;

	build("pc-8");
	EXPECT_EQ(((const struct acpi_madt *)find("APIC"))->flags, 1);
	EXPECT_EQ(COUNT_MADT(ACPI_MADT_LAPIC, &first), 8);
	EXPECT_EQ(first[2], 0);
	EXPECT_EQ(first[3], 0);
	EXPECT_EQ(first[4], 1);
	EXPECT_EQ(first[8 + 2], 1);
	EXPECT_EQ(first[8 + 3], 1);
	EXPECT_EQ(COUNT_MADT(ACPI_MADT_X2APIC, NULL), 0);
	EXPECT_EQ(COUNT_MADT(ACPI_MADT_IOAPIC, NULL), 1);
	EXPECT_EQ(COUNT_MADT(ACPI_MADT_LAPIC_NMI, NULL), 1);
	EXPECT_EQ(COUNT_MADT(ACPI_MADT_X2APIC_NMI, NULL), 0);
	EXPECT_EQ(COUNT_MADT(ACPI_MADT_OVERRIDE, &first), 5);
	EXPECT_EQ(first[3], 0); /* the timer: pin 2, as ISA */
	EXPECT_EQ(load_le32(first + 4), 2);
	EXPECT_EQ(load_le16(first + 8), 0);
	EXPECT_EQ(first[10 + 3], 5); /* PCI: level, active high */
	EXPECT_EQ(load_le16(first + 10 + 8), 0xd);

	build("firecracker");
	EXPECT_EQ(((const struct acpi_madt *)find("APIC"))->flags, 0);
	build("microvm-ioapic2");
	EXPECT_EQ(COUNT_MADT(ACPI_MADT_IOAPIC, &first), 2);
	EXPECT_EQ(load_le32(first + 12 + 4), 0xfec10000);
	EXPECT_EQ(load_le32(first + 12 + 8), 24);
}

static void many_cpus_need_x2apic_entries(void)
{
	const uint8_t *first = NULL;

	build("q35-nodes-288");
	EXPECT_EQ(COUNT_MADT(ACPI_MADT_LAPIC, NULL), 255);
	EXPECT_EQ(COUNT_MADT(ACPI_MADT_X2APIC, &first), 33);
	EXPECT_EQ(load_le32(first + 4), 255);
	EXPECT_EQ(load_le32(first + 12), 255);
	EXPECT_EQ(load_le32(first + 32 * 16 + 12), 287);
	EXPECT_EQ(COUNT_MADT(ACPI_MADT_LAPIC_NMI, NULL), 1);
	EXPECT_EQ(COUNT_MADT(ACPI_MADT_X2APIC_NMI, NULL), 1);
	EXPECT_EQ(COUNT_SRAT(ACPI_SRAT_LAPIC, NULL), 255);
	EXPECT_EQ(COUNT_SRAT(ACPI_SRAT_X2APIC, &first), 33);
	EXPECT_EQ(load_le32(first + 4), 255 % 4);
	EXPECT_EQ(load_le32(first + 8), 255);

	/* IDs with gaps: the 128th CPU is the first beyond 254. */
	build("odd");
	EXPECT_EQ(COUNT_MADT(ACPI_MADT_LAPIC, NULL), 128);
	EXPECT_EQ(COUNT_MADT(ACPI_MADT_X2APIC, &first), 72);
	EXPECT_EQ(load_le32(first + 4), 256);
	EXPECT_EQ(load_le32(first + 12), 128);
}

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

static void nodes_have_memory_and_distances(void)
{
	const uint8_t *first = NULL;
	const uint8_t *slit;

	build("q35-nodes");
	EXPECT_EQ(COUNT_SRAT(ACPI_SRAT_LAPIC, &first), 8);
	EXPECT_EQ(first[2 * 16 + 2], 2); /* of CPU 2 */
	EXPECT_EQ(COUNT_SRAT(ACPI_SRAT_MEMORY, &first), 5);
	EXPECT_EQ(load_le32(first + 4 * 40 + 2), 3);
	EXPECT_EQ(load_le64(first + 4 * 40 + 8), 0x100000000);
	EXPECT_EQ(load_le64(first + 4 * 40 + 16), 0x20000000);
	slit = find("SLIT");
	EXPECT_EQ(load_le64(slit + 36), 4);
	EXPECT_EQ(slit[44 + 5], 10);
	EXPECT_EQ(slit[44 + 6], 20);
	build("q35-distances");
	slit = find("SLIT");
	EXPECT_EQ(slit[44 + 6], 23); /* from 1 to 2 */
	build("q35");
	EXPECT(!find("SRAT") && !find("SLIT"));
}

/* The GSI that the _PRT has for a slot's pin, 0 being pin A. */
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
	build("pc");
	for (unsigned slot = 0; slot < 32; slot++)
		for (unsigned pin = 0; pin < 4; pin++)
			EXPECT_EQ(routed(slot, pin),
			          (slot + pin + 3) % 4 < 2 ? 10 : 11);
	build("q35");
	for (unsigned slot = 0; slot < 32; slot++)
		for (unsigned pin = 0; pin < 4; pin++)
			EXPECT_EQ(routed(slot, pin),
			          16 + (slot + pin) % 4 + (slot < 25 ? 4 : 0));
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
	build("bochs");
	EXPECT(!find("WAET"));
}

static void without_times_there_is_no_fpdt(void)
{
	machines_fill_named("pc", &machine);
	acpi_begin_area(&acpi, area, AREA_BASE, AREA_SIZE);
	acpi_x86_build(&acpi, &machine, NULL);
	EXPECT(!find("FPDT"));
}

int main(void)
{
	RUN(every_machine_has_sound_tables);
	RUN(tables_are_the_same_each_time);
	RUN(any_smaller_area_panics_and_is_kept);
	RUN(pc_has_a_pm1_block);
	RUN(old_and_new_fadt_fields_agree);
	RUN(microvm_is_hardware_reduced);
	RUN(sleep_registers_may_be_ports);
	RUN(madt_lists_cpus_and_interrupts);
	RUN(many_cpus_need_x2apic_entries);
	RUN(every_cpu_is_a_device);
	RUN(nodes_have_memory_and_distances);
	RUN(interrupts_are_routed_as_wired);
	RUN(ecam_is_told_and_claimed);
	RUN(small_tables_say_what_is_there);
	RUN(without_times_there_is_no_fpdt);
	return test_status();
}
