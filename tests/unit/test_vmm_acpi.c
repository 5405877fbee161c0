/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/unit/test_vmm_acpi.c - reads ACPI tables as VMMs leave them
 *
 * The tables are at a low address, because they must be below 4 GiB although
 * their pointers have 64 bits.
 */
#include <stdlib.h>
#include <string.h>

#include "common/lib/byte_sum.h"
#include "arch/x86_64/lib/clock.h"
#include "arch/x86_64/memmap.h"
#include "arch/x86_64/probe/facts.h"
#include "arch/x86_64/probe/vmm_acpi.h"
#include "arch/x86_64/probe/vmm_table.h"
#include "arch/x86_64/probe/vmm_aml.h"
#include "common/spec/acpi_platform.h"
#include "tests/unit/fake_cpu.h"
#include "tests/unit/fake_map.h"
#include "tests/unit/fake_ram.h"
#include "tests/unit/test.h"

#define AREA_BASE      0x20000000
#define AREA_SIZE      0x10000
#define RSDP_PADDR     AREA_BASE
#define XSDT_PADDR     (AREA_BASE + 0x100)
#define MADT_PADDR     (AREA_BASE + 0x1000)
#define MCFG_PADDR     (AREA_BASE + 0x3000)
#define FADT_PADDR     (AREA_BASE + 0x4000)
#define DSDT_PADDR     (AREA_BASE + 0x5000)
#define BIG_XSDT_PADDR (AREA_BASE + 0x8000)

static struct machine machine;
static uint32_t madt_size;

static void seal(paddr_t paddr)
{
	uint8_t *table = paddr_ptr(paddr);
	uint32_t length = load_le32(table + 4);

	table[9] = 0;
	table[9] = (uint8_t)-byte_sum(table, length);
}

static void *begin_table(paddr_t paddr, const char *signature, uint32_t length)
{
	struct acpi_header *header = paddr_ptr(paddr);

	memset(header, 0, length);
	memcpy(&header->signature, signature, 4);
	header->length = length;
	return header;
}

static void seal_rsdp(void)
{
	struct acpi_rsdp *rsdp = paddr_ptr(RSDP_PADDR);

	rsdp->checksum = 0;
	rsdp->checksum = (uint8_t)-byte_sum(rsdp, ACPI_RSDP_V1_SIZE);
	rsdp->extended_checksum = 0;
	rsdp->extended_checksum = (uint8_t)-byte_sum(rsdp, sizeof(*rsdp));
}

static void add_madt(const void *entry, uint32_t size)
{
	struct acpi_header *madt = paddr_ptr(MADT_PADDR);

	memcpy((uint8_t *)madt + madt_size, entry, size);
	madt_size += size;
	madt->length = madt_size;
}

static void add_x2apic(uint32_t id, uint32_t flags)
{
	add_madt(&(struct acpi_madt_x2apic){ .type = ACPI_MADT_X2APIC,
	                                     .length = 16,
	                                     .x2apic_id = id,
	                                     .flags = flags },
	         16);
}

/* Two of four CPUs are enabled; of two all other flags are set. */
static void begin(void)
{
	struct acpi_rsdp *rsdp = paddr_ptr(RSDP_PADDR);
	struct acpi_fadt *fadt = begin_table(FADT_PADDR, "FACP", sizeof(*fadt));
	struct acpi_mcfg_entry *bus;
	uint8_t *xsdt = begin_table(XSDT_PADDR, "XSDT", 36 + 3 * 8);
	const uint64_t tables[] = { FADT_PADDR, MADT_PADDR, MCFG_PADDR };

	memset(&machine, 0, sizeof(machine));
	machine.given.rsdp_paddr = RSDP_PADDR;
	machine.pc.ioapic_count = 1; /* as all PCs have it */
	machine.pci_host_count = 1;
	machine.pci_hosts[0] = (struct machine_pci_host){
		.has_port_access = true,
		.bus_last = 255,
		.mmio32 = { 0x20000000, 0xdec00000 },
	};
	memset(rsdp, 0, sizeof(*rsdp));
	memcpy(rsdp->signature, "RSD PTR ", 8);
	rsdp->revision = 2;
	rsdp->xsdt_address = XSDT_PADDR;
	seal_rsdp();
	memcpy(xsdt + 36, tables, sizeof(tables));

	begin_table(MADT_PADDR, "APIC", 0x1000);
	madt_size = sizeof(struct acpi_madt);
	for (uint32_t i = 0; i < 4; i++)
		add_x2apic(i, i < 2 ? 3 : ~ACPI_MADT_CPU_ENABLED);
	add_madt(&(struct acpi_madt_ioapic){ .type = ACPI_MADT_IOAPIC,
	                                     .length = 12,
	                                     .ioapic_address = 0xfec00000 },
	         12);
	add_madt(&(struct acpi_madt_override){ .type = ACPI_MADT_OVERRIDE,
	                                       .length = 10,
	                                       .source = 9,
	                                       .gsi = 9,
	                                       .flags = 0xf },
	         10);
	bus = (void *)((uint8_t *)begin_table(MCFG_PADDR, "MCFG", 44 + 16) +
	               44);
	bus->base_address = 0xe8000000;
	bus->bus_last = 255;
	fadt->flags = ACPI_FADT_HW_REDUCED | ACPI_FADT_RESET_REG_SUP;
	fadt->reset_reg = (struct acpi_gas){ .space_id = ACPI_SPACE_IO,
		                             .address = 0x600 };
	fadt->reset_value = 1;
	fadt->sleep_control_reg = fadt->reset_reg;
	fadt->sleep_status_reg = fadt->reset_reg;
}

static bool probe(void)
{
	seal(FADT_PADDR);
	seal(MADT_PADDR);
	seal(MCFG_PADDR);
	seal(XSDT_PADDR);
	return vmm_acpi_probe(&machine);
}

static void what_is_enabled_is_read(void)
{
	const struct machine_pci_host *host = &machine.pci_hosts[0];

	begin();
	EXPECT(probe());
	EXPECT_EQ(machine.cpu_count, 2);
	EXPECT_EQ(machine.cpus[1].id, 1);
	EXPECT_EQ(machine.pc.ioapic_count, 1);
	EXPECT_EQ(machine.pc.ioapics[0].paddr, 0xfec00000);
	EXPECT_EQ(machine.pc.override_count, 1);
	EXPECT(machine.pc.overrides[0].is_level &&
	       machine.pc.overrides[0].is_active_low);
	EXPECT_EQ(host->ecam_paddr, 0xe8000000);
	EXPECT_EQ(host->ecam_size, 0x10000000);
	EXPECT_EQ(host->mmio32.size, 0xc8000000);
	EXPECT(host->is_express);
	EXPECT_EQ(machine.reset.address, 0x600);
	EXPECT_EQ(machine.reset.value, 1);
	EXPECT_EQ(machine.power_off.value, 0x34);
	EXPECT_EQ(machine.pc.pm.sleep_control_paddr, 0x600);
	EXPECT_EQ(machine.pc.pm.sleep_status_paddr, 0x600);
	EXPECT_EQ(machine.pc.pm.s5_slp_typ, 5);
	EXPECT_EQ(machine.power_off.space, MACHINE_SPACE_PORT);
	EXPECT_EQ(machine.power_off.size, 1);
	EXPECT_EQ(machine.power_off.address, 0x600);
	EXPECT_EQ(machine.reset.space, MACHINE_SPACE_PORT);
	EXPECT_EQ(machine.reset.size, 1);
	EXPECT_EQ(host->bus_first, 0);
	EXPECT_EQ(host->bus_last, 255);
	EXPECT(!machine.pc.has_pic && !machine.pc.has_pit);
	begin();
	((struct acpi_madt *)paddr_ptr(MADT_PADDR))->flags =
		ACPI_MADT_PCAT_COMPAT;
	EXPECT(probe());
	EXPECT(machine.pc.has_pic && machine.pc.has_pit);
}

/* Each is read for what its signature says, and for nothing else. */
static void no_table_is_taken_for_another(void)
{
	static const char term[12] = "_S5_\x12\x06\x04\x01";
	struct acpi_fadt *fadt = paddr_ptr(FADT_PADDR);

	begin(); /* A MADT as long as a FADT */
	for (uint32_t i = 0; i < 20; i++)
		add_x2apic(0x80000000 + i, 1);
	EXPECT(probe());
	EXPECT_EQ(machine.cpu_count, 22);
	EXPECT_EQ(machine.reset.address, 0x600);
	begin(); /* A FADT with AML in a field of no use */
	memcpy(&fadt->x_gpe1_blk, term, sizeof(term));
	memset(&fadt->sleep_control_reg, 0, sizeof(fadt->sleep_control_reg));
	EXPECT(probe());
	EXPECT_EQ(machine.pc.pm.s5_slp_typ, 0);
}

static void a_madt_may_have_no_entries(void)
{
	struct acpi_madt *madt = paddr_ptr(MADT_PADDR);

	begin();
	madt_size = sizeof(*madt);
	madt->header.length = madt_size;
	madt->flags = ACPI_MADT_PCAT_COMPAT;
	EXPECT(!probe());
	EXPECT(machine.pc.has_pic);
	EXPECT_EQ(machine.pc.ioapic_count, 0);
	begin(); /* A shorter one is none. */
	madt->header.length = sizeof(*madt) - 1;
	madt->flags = ACPI_MADT_PCAT_COMPAT;
	EXPECT(!probe());
	EXPECT(!machine.pc.has_pic);
}

/* A register may be in memory, too. */
static void registers_are_where_they_are(void)
{
	struct acpi_fadt *fadt = paddr_ptr(FADT_PADDR);

	begin();
	EXPECT(probe());
	EXPECT_EQ(machine.reset.space, MACHINE_SPACE_PORT);
	begin();
	fadt->reset_reg = (struct acpi_gas){ .space_id = ACPI_SPACE_MEMORY,
		                             .address = 0xfed00000 };
	EXPECT(probe());
	EXPECT_EQ(machine.reset.space, MACHINE_SPACE_MMIO);
	EXPECT_EQ(machine.reset.address, 0xfed00000);
}

static void firecracker_has_neither_mcfg_nor_sleep_register(void)
{
	struct acpi_fadt *fadt = paddr_ptr(FADT_PADDR);

	begin();
	machine.pci_host_count = 0;
	machine.reset.space = MACHINE_SPACE_PORT; /* as an AT has it */
	fadt->flags = ACPI_FADT_HW_REDUCED;
	memset(&fadt->sleep_control_reg, 0, 12);
	madt_size = sizeof(struct acpi_madt);
	add_madt(&(struct acpi_madt_ioapic){ .type = ACPI_MADT_IOAPIC,
	                                     .length = 12 },
	         12);
	add_madt(&(struct acpi_madt_lapic){ ACPI_MADT_LAPIC, 8, 0, 7, 1 }, 8);
	EXPECT(probe());
	EXPECT_EQ(machine.cpu_count, 1);
	EXPECT_EQ(machine.cpus[0].id, 7);
	EXPECT_EQ(machine.pc.override_count, 0);
	EXPECT_EQ(machine.reset.space, MACHINE_SPACE_NONE);
	EXPECT_EQ(machine.power_off.space, MACHINE_SPACE_NONE);
}

/* crosvm has PM1 but no timer, S1 and S5 in its DSDT, and 64 buses. */
static void begin_crosvm(const uint8_t *aml, uint32_t aml_size)
{
	struct acpi_fadt *fadt = paddr_ptr(FADT_PADDR);
	struct acpi_mcfg_entry *bus = paddr_ptr(MCFG_PADDR + 44);
	uint8_t *dsdt;

	begin();
	dsdt = begin_table(DSDT_PADDR, "DSDT", 36 + aml_size);
	memcpy(dsdt + 36, aml, aml_size);
	seal(DSDT_PADDR);
	bus->base_address = 0xf4000000;
	bus->bus_last = 63;
	fadt->flags = ACPI_FADT_RESET_REG_SUP;
	fadt->sci_int = 5;
	fadt->smi_cmd = 0xb2;
	fadt->acpi_enable = 0xa0;
	fadt->acpi_disable = 0xa1;
	fadt->pm1a_evt_blk = 0xc000;
	fadt->pm1a_cnt_blk = 0xc004;
	fadt->gpe0_blk = 0xc008;
	fadt->pm1_evt_len = 4;
	fadt->pm1_cnt_len = 2;
	fadt->gpe0_blk_len = 64;
	fadt->x_dsdt = DSDT_PADDR;
	machine.pc.has_i8042 = true;
}

static const uint8_t crosvm_aml[] = {
	0x08, '_', 'S', '1', '_', 0x12, 0x06, 0x04, 1, 1, 0, 0,
	0x08, '_', 'S', '5', '_', 0x12, 0x06, 0x04, 0, 0, 0, 0,
};

static void crosvm_is_read(void)
{
	const struct machine_pm *pm = &machine.pc.pm;

	begin_crosvm(crosvm_aml, sizeof(crosvm_aml));
	EXPECT(probe());
	EXPECT_EQ(machine.pci_hosts[0].ecam_size, 0x4000000);
	EXPECT_EQ(machine.pci_hosts[0].mmio32.size, 0xd4000000);
	EXPECT_EQ(pm->base, 0xc000);
	EXPECT_EQ(pm->gpe0_base, 0xc008);
	EXPECT_EQ(pm->gpe0_size, 64);
	EXPECT_EQ(pm->sci_irq, 5);
	EXPECT_EQ(pm->smi_cmd, 0xb2);
	EXPECT_EQ(pm->acpi_enable, 0xa0);
	EXPECT_EQ(pm->acpi_disable, 0xa1);
	EXPECT(pm->lacks_timer && !machine.pc.has_i8042);
	EXPECT(!pm->lacks_power_button && !pm->has_32_bit_timer);
	/* Sleep registers are of hardware-reduced ACPI alone. */
	EXPECT_EQ(pm->sleep_control_paddr, 0);
	EXPECT_EQ(pm->sleep_status_paddr, 0);
	EXPECT_EQ(pm->s5_slp_typ, 0);
	EXPECT_EQ(machine.power_off.space, MACHINE_SPACE_PORT);
	EXPECT_EQ(machine.power_off.size, 2);
	EXPECT_EQ(machine.power_off.address, 0xc004);
	EXPECT_EQ(machine.power_off.value, 0x2000);
	/* Facts from the chipset take precedence. */
	EXPECT(probe());
	begin_crosvm(crosvm_aml, sizeof(crosvm_aml));
	machine.pc.has_i8042 = false;
	((struct acpi_fadt *)paddr_ptr(FADT_PADDR))->iapc_boot_arch =
		ACPI_IAPC_8042;
	EXPECT(probe());
	EXPECT(machine.pc.has_i8042);
	begin_crosvm(crosvm_aml, sizeof(crosvm_aml));
	machine.pc.pm.base = 0x600;
	EXPECT(probe());
	EXPECT_EQ(pm->base, 0x600);
	EXPECT(machine.pc.has_i8042);
}

/* OpenVMM fills the 64-bit fields alone, and has no power button. */
static struct acpi_fadt *begin_openvmm(void)
{
	const uint8_t aml[] = { 0x08, '\\', '_',  'S',  '5', '_',
		                0x12, 0x04, 0x02, 0x00, 0x00 };
	struct acpi_fadt *fadt = paddr_ptr(FADT_PADDR);

	begin_crosvm(aml, sizeof(aml));
	fadt->flags = ACPI_FADT_RESET_REG_SUP | ACPI_FADT_PWR_BUTTON |
	              ACPI_FADT_TMR_VAL_EXT;
	fadt->sci_int = 9;
	fadt->pm1a_evt_blk = fadt->pm1a_cnt_blk = fadt->gpe0_blk = 0;
	fadt->gpe0_blk_len = 4;
	fadt->x_pm1a_evt_blk = (struct acpi_gas){ 1, 32, 0, 2, 0x400 };
	fadt->x_pm1a_cnt_blk = (struct acpi_gas){ 1, 16, 0, 2, 0x404 };
	fadt->x_pm_tmr_blk = (struct acpi_gas){ 1, 32, 0, 3, 0x408 };
	fadt->x_gpe0_blk = (struct acpi_gas){ 1, 32, 0, 2, 0x40c };
	fadt->reset_reg = (struct acpi_gas){ 1, 8, 0, 1, 0x433 };
	memset(&fadt->sleep_control_reg, 0, sizeof(struct acpi_gas));
	return fadt;
}

static void openvmm_is_read(void)
{
	const struct machine_pm *pm = &machine.pc.pm;

	begin_openvmm();
	EXPECT(probe());
	EXPECT_EQ(pm->base, 0x400);
	EXPECT_EQ(pm->gpe0_base, 0x40c);
	EXPECT_EQ(pm->sci_irq, 9);
	EXPECT(clock_has_pm_timer(&machine) && pm->has_32_bit_timer);
	EXPECT(pm->lacks_power_button);
	EXPECT_EQ(machine.power_off.address, 0x404);
	EXPECT_EQ(machine.power_off.value, 0x2000);
	EXPECT_EQ(machine.reset.address, 0x433);
	EXPECT_EQ(machine.reset.value, 1);
}

/* What is no port and no device memory is not used; the old fields do not
 * count beside it. */
static void wild_registers_are_not_used(void)
{
	struct acpi_fadt *fadt = begin_openvmm();

	fadt->x_pm1a_evt_blk.address = 1ull << 32 | 0x400;
	fadt->pm1a_evt_blk = 0x400;
	fadt->reset_reg.address = 0xffff;
	EXPECT(probe());
	EXPECT_EQ(machine.pc.pm.base, 0);
	EXPECT_EQ(machine.reset.address, 0xffff);
	fadt = begin_openvmm();
	fadt->x_pm1a_evt_blk.space_id = ACPI_SPACE_MEMORY;
	fadt->reset_reg.address = 0x10000;
	EXPECT(probe());
	EXPECT_EQ(machine.pc.pm.base, 0);
	EXPECT_EQ(machine.reset.space, MACHINE_SPACE_NONE);
	fadt = begin_openvmm();
	fadt->x_pm_tmr_blk.address = 0x10408;
	fadt->x_gpe0_blk.address = 0x1040c;
	fadt->reset_reg.space_id = 2; /* PCI configuration space */
	EXPECT(probe());
	EXPECT_EQ(machine.pc.pm.base, 0x400);
	EXPECT_EQ(machine.pc.pm.gpe0_base, 0);
	EXPECT(!clock_has_pm_timer(&machine));
	EXPECT_EQ(machine.reset.space, MACHINE_SPACE_NONE);
}

static void s5_is_read(void)
{
	const uint8_t byte[] = { 0x08, '_',  'S',  '5',  '_',  0x12, 0x08,
		                 0x04, 0x0a, 0xfd, 0x0a, 0x05, 0,    0 };
	struct acpi_fadt *fadt = paddr_ptr(FADT_PADDR);

	begin_crosvm(byte, sizeof(byte));
	EXPECT(probe());
	EXPECT_EQ(machine.power_off.value, 0x3400);
	for (uint32_t cut = 1; cut < 10; cut++) {
		begin_crosvm(byte, 10 - cut);
		EXPECT(probe());
		EXPECT_EQ(machine.power_off.value, 0x2000);
	}
	begin_crosvm(byte, 0);
	fadt->x_dsdt = 0;
	EXPECT_PANIC("acpi: VMM's table: 0x24 bytes at 0", probe());
	begin_crosvm(byte, sizeof(byte));
	fadt->x_dsdt += 1ull << 40;
	EXPECT_PANIC("acpi: VMM's table: 0x24 bytes at 0x10020005000", probe());
	begin_crosvm(byte, sizeof(byte));
	fadt->pm1a_cnt_blk = 0xc010;
	EXPECT(probe());
	EXPECT_EQ(machine.pc.pm.base, 0);
	begin_crosvm(byte, sizeof(byte));
	fadt->pm1a_evt_blk = 0xffffffff;
	EXPECT(probe());
	EXPECT_EQ(machine.pc.pm.base, 0);
	begin_crosvm(byte, sizeof(byte));
	fadt->pm1a_evt_blk = 0x10000; /* no port */
	fadt->pm1a_cnt_blk = 5;
	EXPECT(probe());
	EXPECT_EQ(machine.pc.pm.base, 0);
	begin_crosvm(byte, sizeof(byte));
	fadt->gpe0_blk = 0x10000;
	EXPECT(probe());
	EXPECT_EQ(machine.pc.pm.gpe0_base, 0);
	begin_crosvm(byte, sizeof(byte));
	fadt->pm1a_evt_blk = 0xfff0; /* the last ports */
	fadt->pm1a_cnt_blk = 0xfff4;
	fadt->gpe0_blk = 0xffff;
	EXPECT(probe());
	EXPECT_EQ(machine.pc.pm.base, 0xfff0);
	EXPECT_EQ(machine.pc.pm.gpe0_base, 0xffff);
}

/* OpenVMM's AML, in short. Names are absolute; a host is in an SSDT. */
static const char openvmm_dsdt[] =
	"\x08\x5c\x5f\x53\x35\x5f\x12\x04\x02\x00\x00"
	/* UAR1 and UAR2: IO (0x3f8), Interrupt (4); IO (0x2f8), (3) */
	"\x08\x5f\x48\x49\x44\x0c\x41\xd0\x05\x01\x08\x5f\x43\x52\x53\x11"
	"\x16\x0a\x13\x47\x01\xf8\x03\xf8\x03\x01\x08\x89\x06\x00\x03\x01"
	"\x04\x00\x00\x00\x79\x00\x08\x5f\x48\x49\x44\x0c\x41\xd0\x05\x01"
	"\x08\x5f\x43\x52\x53\x11\x16\x0a\x13\x47\x01\xf8\x02\xf8\x02\x01"
	"\x08\x89\x06\x00\x03\x01\x03\x00\x00\x00\x79\x00"
	/* VI00: QWordMemory (0xf7fff000, 0x1000), Interrupt (5) */
	"\x08\x5f\x48\x49\x44\x0d\x4c\x4e\x52\x4f\x30\x30\x30\x35\x00\x08"
	"\x5f\x43\x52\x53\x11\x3c\x0a\x39\x8a\x2b\x00\x00\x0c\x03\x00\x00"
	"\x00\x00\x00\x00\x00\x00\x00\xf0\xff\xf7\x00\x00\x00\x00\xff\xff"
	"\xff\xf7\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x10"
	"\x00\x00\x00\x00\x00\x00\x89\x06\x00\x01\x01\x05\x00\x00\x00\x79"
	"\x00"
	/* VMOD: QWordMemory (0xf8000000, 0x6000000), (0x200000000, 0x20000000)
         */
	"\x08\x5f\x48\x49\x44\x0d\x41\x43\x50\x49\x30\x30\x30\x34\x00\x08"
	"\x5f\x43\x52\x53\x11\x41\x06\x0a\x5e\x8a\x2b\x00\x00\x0c\x03\x00"
	"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\xf8\x00\x00\x00\x00\xff"
	"\xff\xff\xfd\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
	"\x00\x00\x06\x00\x00\x00\x00\x8a\x2b\x00\x00\x0c\x03\x00\x00\x00"
	"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\x00\x00\xff\xff\xff"
	"\x1f\x02\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
	"\x20\x00\x00\x00\x00\x79\x00"
	/* VMBS */
	"\x08\x5f\x48\x49\x44\x0d\x56\x4d\x42\x75\x73\x00\x08\x5f\x55\x49"
	"\x44\x00\x08\x5f\x43\x52\x53\x11\x05\x0a\x02\x79\x00";

static const char openvmm_ssdt[] =
	"\x08\x5f\x48\x49\x44\x0c\x41\xd0\x0a\x08\x08\x5f\x53\x45\x47\x0a"
	"\x02\x08\x5f\x43\x52\x53\x11\x43\x04\x0a\x40\x88\x0d\x00\x02\x0c"
	"\x00\x00\x00\x20\x00\x3f\x00\x00\x00\x20\x00\x8a\x2b\x00\x00\x0c"
	"\x03\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\xe0\x00\x00\x00"
	"\x00\xff\xff\x1f\xe0\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
	"\x00\x00\x00\x20\x00\x00\x00\x00\x00\x79\x00";

#define SSDT_PADDR (AREA_BASE + 0x6000)
#define SRAT_PADDR (AREA_BASE + 0x7000)

static void put_aml(paddr_t paddr, const char *signature, const char *aml,
                    uint32_t size)
{
	uint8_t *table = begin_table(paddr, signature, 36 + size);

	memcpy(table + 36, aml, size);
	seal(paddr);
}

/* All tables of OpenVMM with a PCIe root complex, in its order. */
static void begin_openvmm_devices(void)
{
	const uint64_t tables[] = { FADT_PADDR, MADT_PADDR, SRAT_PADDR,
		                    MCFG_PADDR, SSDT_PADDR };
	struct acpi_mcfg_entry *bus = paddr_ptr(MCFG_PADDR + 44);
	uint8_t *xsdt;

	begin_openvmm();
	machine.pci_host_count = 0;
	machine.uart_count = 1;
	machine.uarts[0].base = 0x3f8;
	put_aml(DSDT_PADDR, "DSDT", openvmm_dsdt, sizeof(openvmm_dsdt) - 1);
	put_aml(SSDT_PADDR, "SSDT", openvmm_ssdt, sizeof(openvmm_ssdt) - 1);
	put_aml(SRAT_PADDR, "SRAT", openvmm_ssdt, 12);
	bus->segment = 2;
	bus->bus_first = 32;
	bus->bus_last = 63;
	bus->base_address = 0x140000000 - (32 << 20);
	xsdt = begin_table(XSDT_PADDR, "XSDT", 36 + sizeof(tables));
	memcpy(xsdt + 36, tables, sizeof(tables));
}

static uint32_t answer_uart(uint16_t port, uint32_t size)
{
	EXPECT(port == 0x2fd && size == 1);
	return 0x60;
}

/* A VMM chooses the names in a header, which may look like AML. */
static void a_header_is_no_aml(void)
{
	static const char nothing[64];
	uint8_t *dsdt = paddr_ptr(DSDT_PADDR);

	begin_openvmm();
	put_aml(DSDT_PADDR, "DSDT", nothing, sizeof(nothing));
	memcpy(dsdt + 16, "_HID\x0dVMBUS", 10);
	seal(DSDT_PADDR);
	memset(&machine.vmbus, 0, sizeof(machine.vmbus));
	vmm_aml_read(&machine, (const void *)dsdt);
	EXPECT(!machine.vmbus.is_present);
}

static void devices_are_read(void)
{
	const struct machine_pci_host *host = &machine.pci_hosts[0];

	begin_openvmm_devices();
	fake_cpu.in = answer_uart;
	EXPECT(probe());
	EXPECT_EQ(machine.uart_count, 2);
	EXPECT_EQ(machine.uarts[1].base, 0x2f8);
	EXPECT_EQ(machine.uarts[1].gsi, 3);
	EXPECT_EQ(machine.virtio_mmio_count, 1);
	EXPECT_EQ(machine.virtio_mmio[0].paddr, 0xf7fff000);
	EXPECT_EQ(machine.virtio_mmio[0].size, 0x1000);
	EXPECT_EQ(machine.virtio_mmio[0].gsi, 5);
	EXPECT(machine.vmbus.is_present);
	EXPECT_EQ(machine.vmbus.mmio[0].base, 0xf8000000);
	EXPECT_EQ(machine.vmbus.mmio[0].size, 0x6000000);
	EXPECT_EQ(machine.vmbus.mmio[1].base, 0x200000000);
	EXPECT_EQ(machine.vmbus.mmio[1].size, 0x20000000);
	EXPECT_EQ(machine.pci_host_count, 1);
	EXPECT_EQ(host->segment, 2);
	EXPECT_EQ(host->bus_first, 32);
	EXPECT_EQ(host->bus_last, 63);
	EXPECT_EQ(host->ecam_paddr, 0x140000000);
	EXPECT_EQ(host->ecam_size, 32 << 20);
	EXPECT_EQ(host->mmio32.base, 0xe0000000);
	EXPECT_EQ(host->mmio32.size, 0x200000);
	EXPECT(host->is_express && !host->has_port_access);
	EXPECT_EQ(machine.pc.table_count, 1);
	EXPECT(machine.pc.tables[0].data == paddr_ptr(SRAT_PADDR));
	EXPECT(!machine.pc.has_pic && !machine.pc.has_pit);
	EXPECT_EQ(machine.power_off.value, 0x2000);
}

/* Section 6.4.3.6: bit 1 of an interrupt's flags is an edge. */
static void an_interrupt_may_be_an_edge(void)
{
	static const char level[] = "\x89\x06\x00\x01\x01\x05";
	uint8_t *flags;

	for (uint32_t edge = 0; edge < 2; edge++) {
		begin_openvmm_devices();
		fake_cpu.in = answer_uart;
		flags = memmem(paddr_ptr(DSDT_PADDR), 0x1000, level, 6);
		flags[3] = edge ? 3 : 1;
		seal(DSDT_PADDR);
		EXPECT(probe());
		EXPECT_EQ(machine.virtio_mmio[0].is_edge, edge);
		EXPECT_EQ(machine.virtio_mmio[0].gsi, 5);
		EXPECT_EQ(machine.virtio_mmio[0].size, 0x1000);
	}
}

/* No configuration space, no host; no COM1, no other; the named slots count. */
static void devices_out_of_reach_are_dropped(void)
{
	struct acpi_mcfg_entry *bus = paddr_ptr(MCFG_PADDR + 44);

	begin_openvmm_devices();
	bus->bus_first = 31;
	machine.uart_count = 0;
	machine.pc.named_count = 1;
	fake_cpu.in = NULL;
	EXPECT(probe());
	EXPECT_EQ(machine.pci_host_count, 0);
	EXPECT_EQ(machine.uart_count, 0);
	EXPECT_EQ(machine.virtio_mmio_count, 0);
	begin_openvmm_devices();
	bus->base_address = 1ull << 47;
	EXPECT_PANIC("acpi: VMM's MCFG: buses 32-63 at 0x800000000000",
	             probe());
}

/* Any damage is borne: ASan sees what is read beside the copy. */
static void damaged_aml_is_borne(void)
{
	static const struct acpi_header head = { 0 };
	uint8_t *table;

	for (uint32_t cut = 0; cut <= sizeof(openvmm_ssdt) - 1; cut++) {
		for (uint32_t flip = 0; flip < 8 * cut; flip += 3) {
			table = malloc(sizeof(head) + cut);
			memcpy(table, &head, sizeof(head));
			memcpy(table + sizeof(head), openvmm_ssdt, cut);
			table[sizeof(head) + flip / 8] ^=
				(uint8_t)(1 << flip % 8);
			((struct acpi_header *)table)->length =
				(uint32_t)sizeof(head) + cut;
			machine.pci_host_count = 0;
			vmm_aml_read(&machine, (void *)table);
			EXPECT(machine.pci_host_count <= 1);
			free(table);
		}
	}
}

/* Reads AML in memory of just its size, so that ASan sees overruns. */
static void read_aml(const char *aml, uint32_t size)
{
	struct acpi_header *table = malloc(sizeof(*table) + size);

	memset(table, 0, sizeof(*table));
	memcpy(table + 1, aml, size);
	table->length = (uint32_t)sizeof(*table) + size;
	vmm_aml_read(&machine, table);
	free(table);
}

#define READ_AML(aml) read_aml(aml, sizeof(aml) - 1)

/* Memory32Fixed (0xd0001000, 0x200), an interrupt that is level, the end */
#define SLOT_RESOURCES                                                         \
	"\x86\x09\0\x01\0\x10\0\xd0\0\x02\0\0"                                 \
	"\x89\x06\0\x01\x01\x07\0\0\0\x79\0"

static void expect_slot(void)
{
	EXPECT_EQ(machine.virtio_mmio_count, 1);
	EXPECT_EQ(machine.virtio_mmio[0].paddr, 0xd0001000);
	EXPECT_EQ(machine.virtio_mmio[0].size, 0x200);
	EXPECT_EQ(machine.virtio_mmio[0].gsi, 7);
	EXPECT(!machine.virtio_mmio[0].is_edge);
	machine.virtio_mmio_count = 0;
}

/* Section 20.2.3: a byte, a word or a double word; 20.2.4: lengths. */
static void sizes_of_buffers_have_any_width(void)
{
	begin();
	machine.virtio_mmio_count = 0;
	READ_AML("_HID\x0dLNRO0005\0\x08_CRS\x11\x1a\x0a\x17" SLOT_RESOURCES);
	expect_slot();
	READ_AML("_HID\x0dLNRO0005\0\x08_CRS\x11\x1b\x0b\x17\0" SLOT_RESOURCES);
	expect_slot();
	READ_AML("_HID\x0dLNRO0005\0\x08_"
	         "CRS\x11\x1d\x0c\x17\0\0\0" SLOT_RESOURCES);
	expect_slot();
	READ_AML("_HID\x0dLNRO0005\0\x08_"
	         "CRS\x11\x4b\x01\x0a\x17" SLOT_RESOURCES);
	expect_slot();
	READ_AML("_HID\x0dLNRO0005\0\x08_"
	         "CRS\x11\x8c\x01\0\x0a\x17" SLOT_RESOURCES);
	expect_slot();
	/* What is no buffer is no device. */
	READ_AML("_HID\x0dLNRO0005\0\x08_CRS\x12\x1a\x0a\x17" SLOT_RESOURCES);
	EXPECT_EQ(machine.virtio_mmio_count, 0);
	/* Another device has an ID of its own. */
	READ_AML("_HID\x0dLNRO0005\0_HID\x0dLNRO0006\0_HID\x0dXNRO0005\0"
	         "\x08_CRS\x11\x1a\x0a\x17" SLOT_RESOURCES);
	EXPECT_EQ(machine.virtio_mmio_count, 0);
}

/* QWordMemory, DWordMemory, and WordBusNumber: section 6.4.3.5 */
static void windows_have_any_width(void)
{
	const struct machine_pci_host *host = &machine.pci_hosts[0];

	begin();
	machine.pci_host_count = 0;
	READ_AML("_HID\x0c\x41\xd0\x0a\x08_SEG\x0b\x34\x12\x08_"
	         "CRS\x11\x1a\x0a\x17"
	         "\x88\x0d\0\x02\x0c\0\0\0\x20\0\x3f\0\0\0\x20\0"
	         "\x87\x17\0\0\x0c\x01\0\0\0\0\0\0\0\xe0\xff\xff\x1f\xe0"
	         "\0\0\0\0\0\0\x20\0"
	         "\x8a\x2b\0\0\x0c\x01\0\0\0\0\0\0\0\0"
	         "\0\0\0\0\x10\0\0\0\xff\xff\xff\x3f\x10\0\0\0"
	         "\0\0\0\0\0\0\0\0\0\0\0\x40\0\0\0\0\x79\0");
	EXPECT_EQ(machine.pci_host_count, 1);
	EXPECT_EQ(host->segment, 0x1234);
	EXPECT_EQ(host->bus_first, 0x20);
	EXPECT_EQ(host->mmio32.base, 0xe0000000);
	EXPECT_EQ(host->mmio32.size, 0x200000);
	EXPECT_EQ(host->mmio64.base, 0x1000000000);
	EXPECT_EQ(host->mmio64.size, 0x40000000);
}

static uint32_t segment_of(const char *integer, uint32_t size)
{
	static const char end[] = "\x08_CRS\x11\x05\x0a\x02\x79\0       ";
	char aml[64] = "_HID\x0c\x41\xd0\x0a\x08_SEG";

	memcpy(aml + 13, integer, size);
	memcpy(aml + 13 + size, end, sizeof(end));
	machine.pci_host_count = 0;
	read_aml(aml, sizeof(aml));
	EXPECT_EQ(machine.pci_host_count, 1);
	return machine.pci_hosts[0].segment;
}

/* Section 20.2.3: 0 and 1 are operators of their own. */
static void integers_have_any_width(void)
{
	begin();
	EXPECT_EQ(segment_of("\0", 1), 0);
	EXPECT_EQ(segment_of("\x01", 1), 1);
	EXPECT_EQ(segment_of("\x0a\x02", 2), 2);
	EXPECT_EQ(segment_of("\x0b\x34\x12", 3), 0x1234);
}

static uint32_t line_reads;

static uint32_t count_line_read(uint16_t port, uint32_t size)
{
	EXPECT(port == 0x2fd && size == 1);
	line_reads++;
	return 0xff;
}

/*
 * Resources without an end were read anew from each _CRS in them on, which
 * takes minutes for a table of 4 MiB.
 */
static void each_byte_of_resources_is_read_once(void)
{
	enum { COUNT = 256 };
	static const char term[16] = "_CRS\x11\x0e\x0a\x08\x47\x01"
				     "\xf8\x02\xf8\x02\x01\x08";
	const uint32_t size = sizeof(struct acpi_header) + COUNT * 16;
	struct acpi_header *table = calloc(1, size);
	uint8_t *at = (uint8_t *)(table + 1);

	begin_openvmm_devices();
	memcpy(at, "_HID\x0c\x41\xd0\x05\x01", 9);
	for (uint32_t i = 1; i < COUNT; i++)
		memcpy(at + i * 16, term, sizeof(term));
	table->length = size;
	line_reads = 0;
	fake_cpu.in = count_line_read;
	vmm_aml_read(&machine, table);
	EXPECT_EQ(line_reads, 1);
	free(table);
}

/* Each try is an exit to the VMM. */
static void ports_are_asked_a_few_times(void)
{
	enum { COUNT = 256 };
	static const char term[9] = "_CRS\x11\x04\x0a\x01\x79";
	const uint32_t size =
		sizeof(struct acpi_header) + 32 + COUNT * sizeof(term);
	struct acpi_header *table = calloc(1, size);
	uint8_t *at = (uint8_t *)(table + 1);

	begin_openvmm_devices();
	memcpy(at, "_HID\x0c\x41\xd0\x05\x01", 9);
	memcpy(at + 16, "_CRS\x11\x0b\x0a\x08\x47\x01\xf8\x02\xf8\x02\x01\x08",
	       16);
	for (uint32_t i = 0; i < COUNT; i++)
		memcpy(at + 32 + i * sizeof(term), term, sizeof(term));
	table->length = size;
	line_reads = 0;
	fake_cpu.in = count_line_read;
	vmm_aml_read(&machine, table);
	EXPECT_EQ(line_reads, 16);
	free(table);
}

static void no_more_devices_than_have_room(void)
{
	begin_openvmm_devices();
	machine.pci_host_count = MACHINE_PCI_HOST_MAX;
	machine.virtio_mmio_count = MACHINE_VIRTIO_MMIO_MAX;
	machine.uart_count = MACHINE_UART_MAX;
	machine.pc.table_count = MACHINE_TABLE_MAX;
	for (uint32_t i = 0; i < MACHINE_PCI_HOST_MAX; i++)
		machine.pci_hosts[i].has_port_access = true;
	EXPECT(probe());
	EXPECT_EQ(machine.pci_host_count, MACHINE_PCI_HOST_MAX);
	EXPECT_EQ(machine.virtio_mmio_count, MACHINE_VIRTIO_MMIO_MAX);
	EXPECT_EQ(machine.uart_count, MACHINE_UART_MAX);
	EXPECT_EQ(machine.pc.table_count, MACHINE_TABLE_MAX);
}

/* A table has 32 bits of address, and so many bytes may be left to sum. */
static void tables_in_reach_are_mapped(void)
{
	fake_map_clear();
	EXPECT(vmm_table_reach(MADT_PADDR, 0x123, 0x123) ==
	       paddr_ptr(MADT_PADDR));
	EXPECT(fake_map_has(MADT_PADDR, 0x123));
	vmm_table_reach(FOUR_GIB - 0x24, 0x24, 0x24);
	EXPECT(fake_map_has(FOUR_GIB - 0x24, 0x24));
	EXPECT_PANIC("acpi: VMM's table: 0x24 bytes at 0",
	             vmm_table_reach(0, 0x24, 0x24));
	EXPECT_PANIC("acpi: VMM's table: 0x25 bytes at 0x20001000",
	             vmm_table_reach(MADT_PADDR, 0x25, 0x24));
	EXPECT_PANIC("acpi: VMM's table: 0x25 bytes at 0xffffffdc",
	             vmm_table_reach(FOUR_GIB - 0x24, 0x25, 0x25));
}

/* Section 5.2.5.1: at each multiple of 16 from E0000 on */
static void the_root_is_found_below_1_mib(void)
{
	static const paddr_t places[] = { RSDP_BASE, RSDP_BASE + 16, 0xf1230,
		                          0xf1240, HIGH_RAM_BASE - 48 };

	for (uint32_t i = 0; i < ARRAY_COUNT(places); i++) {
		begin();
		memset(paddr_ptr(RSDP_BASE), 0, HIGH_RAM_BASE - RSDP_BASE);
		machine.given.rsdp_paddr = 0;
		EXPECT_EQ(vmm_acpi_rsdp(&machine), 0);
		EXPECT(!probe()); /* There are no tables. */
		memcpy(paddr_ptr(places[i]), paddr_ptr(RSDP_PADDR), 36);
		EXPECT_EQ(vmm_acpi_rsdp(&machine), places[i]);
		machine.given.rsdp_paddr = RSDP_PADDR; /* as the VMM says */
		EXPECT_EQ(vmm_acpi_rsdp(&machine), RSDP_PADDR);
	}
	memset(paddr_ptr(RSDP_BASE), 0, HIGH_RAM_BASE - RSDP_BASE);
	memcpy(paddr_ptr(0xf1238), paddr_ptr(RSDP_PADDR), 36);
	machine.given.rsdp_paddr = 0;
	EXPECT_EQ(vmm_acpi_rsdp(&machine), 0);
}

static void bad_roots_panic(void)
{
	struct acpi_rsdp *rsdp = paddr_ptr(RSDP_PADDR);

	begin();
	rsdp->oem_id[0] = 1;
	EXPECT_PANIC("acpi: VMM's RSDP: none at 0x20000000", probe());
	begin();
	rsdp->extended_checksum++;
	EXPECT_PANIC("acpi: VMM's RSDP: none at 0x20000000", probe());
	begin();
	machine.given.rsdp_paddr = 1ull << 40;
	EXPECT_PANIC("acpi: VMM's table: 0x24 bytes at 0x10000000000", probe());
	begin();
	rsdp->xsdt_address = 0;
	seal_rsdp();
	EXPECT_PANIC("acpi: VMM's table: 0x24 bytes at 0", probe());
	begin();
	rsdp->revision = 0;
	seal_rsdp();
	EXPECT(!probe());
	begin();
	rsdp->revision = 1; /* which there is not, so it has no XSDT */
	seal_rsdp();
	EXPECT(!probe());
}

static void bad_tables_panic(void)
{
	struct acpi_header *madt = paddr_ptr(MADT_PADDR);
	const uint64_t wild = 0xfffffff8;

	begin();
	probe();
	madt->creator_id++;
	machine.cpu_count = 0;
	EXPECT_PANIC("acpi: VMM's table at 0x20001000: wrong sum",
	             vmm_acpi_probe(&machine));
	begin();
	madt->length = 0xfffffff0;
	seal(XSDT_PADDR);
	seal(FADT_PADDR);
	EXPECT_PANIC("acpi: VMM's table: 0xfffffff0 bytes at 0x20001000",
	             vmm_acpi_probe(&machine));
	begin();
	madt->length = 8;
	seal(XSDT_PADDR);
	seal(FADT_PADDR);
	EXPECT_PANIC("acpi: VMM's table at 0x20001000: wrong sum",
	             vmm_acpi_probe(&machine));
	begin();
	probe();
	begin_table(MADT_PADDR, "APIC", 35); /* less than a header */
	seal(MADT_PADDR);
	EXPECT_PANIC("acpi: VMM's table at 0x20001000: wrong sum",
	             vmm_acpi_probe(&machine));
	begin();
	memcpy(paddr_ptr(XSDT_PADDR + 36), &wild, sizeof(wild));
	EXPECT_PANIC("acpi: VMM's table: 0x24 bytes at 0xfffffff8", probe());
}

static void bad_entries_panic(void)
{
	const uint8_t loop[2] = { 0x7f, 0 }, small[4] = { ACPI_MADT_LAPIC, 4 },
		      large[4] = { 0x7f, 200 };
	const uint8_t types[] = { ACPI_MADT_LAPIC, ACPI_MADT_IOAPIC,
		                  ACPI_MADT_OVERRIDE, ACPI_MADT_X2APIC };
	const uint8_t sizes[] = { 8, 12, 10, 16 };
	struct acpi_mcfg_entry *bus =
		(void *)((uint8_t *)paddr_ptr(MCFG_PADDR) + 44);

	begin(); /* The least that an entry can be */
	add_madt((const uint8_t[]){ 0x7f, 2 }, 2);
	EXPECT(probe());
	begin();
	add_madt((const uint8_t[]){ 0x7f, 1 }, 2);
	EXPECT_PANIC("acpi: VMM's MADT: type 127 has 1 bytes of 2", probe());
	begin();
	add_madt(loop, sizeof(loop));
	EXPECT_PANIC("acpi: VMM's MADT: type 127 has 0 bytes of 2", probe());
	begin();
	add_madt(small, sizeof(small));
	EXPECT_PANIC("acpi: VMM's MADT: type 0 has 4 bytes of 4", probe());
	for (volatile uint32_t i = 0; i < ARRAY_COUNT(types); i++) {
		uint8_t entry[16] = { types[i], sizes[i] - 1 };

		begin();
		add_madt(entry, sizes[i] - 1);
		EXPECT_PANIC("acpi: VMM's MADT: type ", probe());
		entry[1] = sizes[i];
		begin();
		add_madt(entry, sizes[i]);
		EXPECT(probe());
	}
	begin();
	add_madt(large, sizeof(large));
	EXPECT_PANIC("acpi: VMM's MADT: type 127 has 200 bytes", probe());
	begin();
	bus->base_address = 0x123456789abcd000;
	EXPECT_PANIC("acpi: VMM's MCFG: buses 0-255 at 0x1234", probe());
	begin();
	bus->bus_first = 9;
	bus->bus_last = 8;
	EXPECT_PANIC("acpi: VMM's MCFG: buses 9-8", probe());
}

/* Makes an XSDT that lists one table of 8 KiB so many times. */
static void list_often(uint32_t count)
{
	const uint64_t pointer = MADT_PADDR;
	struct acpi_rsdp *rsdp = paddr_ptr(RSDP_PADDR);
	uint8_t *xsdt;

	begin();
	begin_table(MADT_PADDR, "NONE", 0x2000);
	seal(MADT_PADDR);
	xsdt = begin_table(BIG_XSDT_PADDR, "XSDT", 36 + count * 8);
	for (uint32_t i = 0; i < count; i++)
		memcpy(xsdt + 36 + i * 8, &pointer, sizeof(pointer));
	seal(BIG_XSDT_PADDR);
	rsdp->xsdt_address = BIG_XSDT_PADDR;
	seal_rsdp();
}

static void the_bytes_to_sum_are_limited(void)
{
	list_often(511);
	EXPECT(!vmm_acpi_probe(&machine));
	list_often(512);
	EXPECT_PANIC("acpi: VMM's table: 0x2000 bytes at 0x20001000",
	             vmm_acpi_probe(&machine));
}

/* All of them and the list itself have 4 MiB, and not a byte more. */
static void the_last_table_may_use_up_the_limit(void)
{
	const uint64_t last = FADT_PADDR;
	const uint32_t left = 0x400000 - 511 * 0x2000 - (36 + 512 * 8);

	for (volatile uint32_t more = 0; more < 2; more++) {
		list_often(512);
		memcpy(paddr_ptr(BIG_XSDT_PADDR + 36 + 511 * 8), &last, 8);
		seal(BIG_XSDT_PADDR);
		begin_table(FADT_PADDR, "NONE", left + more);
		seal(FADT_PADDR);
		if (!more)
			EXPECT(!vmm_acpi_probe(&machine));
		else
			EXPECT_PANIC("acpi: VMM's table: 0xfdd bytes at 0x2000",
			             vmm_acpi_probe(&machine));
	}
}

static void a_table_may_be_as_large_as_is_left(void)
{
	uint32_t left = 0x2000;

	begin_table(MADT_PADDR, "NONE", left);
	seal(MADT_PADDR);
	EXPECT(vmm_table_open(MADT_PADDR, &left) == paddr_ptr(MADT_PADDR));
	EXPECT_EQ(left, 0);
	left = 0x2000;
	begin_table(MADT_PADDR, "NONE", 36); /* It may be empty. */
	seal(MADT_PADDR);
	EXPECT(vmm_table_open(MADT_PADDR, &left) == paddr_ptr(MADT_PADDR));
	EXPECT_EQ(left, 0x2000 - 36);
	begin_table(MADT_PADDR, "NONE", 0x2000);
	seal(MADT_PADDR);
	left = 0x1fff;
	EXPECT_PANIC("acpi: VMM's table: 0x2000 bytes at 0x20001000",
	             vmm_table_open(MADT_PADDR, &left));
}

int main(void)
{
	if (!fake_ram_map(AREA_BASE, AREA_BASE + AREA_SIZE))
		return fake_ram_skip("test_vmm_acpi");
	RUN(what_is_enabled_is_read);
	RUN(no_table_is_taken_for_another);
	RUN(a_madt_may_have_no_entries);
	RUN(registers_are_where_they_are);
	RUN(firecracker_has_neither_mcfg_nor_sleep_register);
	RUN(crosvm_is_read);
	RUN(openvmm_is_read);
	RUN(wild_registers_are_not_used);
	RUN(a_header_is_no_aml);
	RUN(devices_are_read);
	RUN(an_interrupt_may_be_an_edge);
	RUN(devices_out_of_reach_are_dropped);
	RUN(sizes_of_buffers_have_any_width);
	RUN(windows_have_any_width);
	RUN(integers_have_any_width);
	RUN(damaged_aml_is_borne);
	RUN(each_byte_of_resources_is_read_once);
	RUN(ports_are_asked_a_few_times);
	RUN(no_more_devices_than_have_room);
	RUN(s5_is_read);
	RUN(tables_in_reach_are_mapped);
	if (fake_ram_map(RSDP_BASE, HIGH_RAM_BASE))
		RUN(the_root_is_found_below_1_mib);
	RUN(bad_roots_panic);
	RUN(bad_tables_panic);
	RUN(bad_entries_panic);
	RUN(the_bytes_to_sum_are_limited);
	RUN(the_last_table_may_use_up_the_limit);
	RUN(a_table_may_be_as_large_as_is_left);
	return test_status();
}
