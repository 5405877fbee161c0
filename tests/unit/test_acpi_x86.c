/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/unit/test_acpi_x86.c - FADT, MADT, SRAT, SLIT of recorded machines */
#include <string.h>

#include "common/lib/byte_sum.h"
#include "tests/unit/test.h"
#include "tests/unit/x86_tables.h"

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
	needed = acpi_used(&acpi);
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

static void a_power_button_that_is_absent_is_not_told(void)
{
	build("openvmm");
	EXPECT_EQ(((const struct acpi_fadt *)find("FACP"))->flags, 0x85b5);
}

/*
 * A table of the VMM may lie in flash, or where the blob has written by now.
 * What it says then must not make it another kind of table, AML least of all.
 */
static void a_table_passed_on_stays_what_it_was(void)
{
	static struct acpi_srat later;
	const void **from = &machine.pc.tables[0].data;

	machines_fill_named("openvmm", &machine);
	memcpy(&later, *from, sizeof(later));
	memcpy(&later, "SSDT\xff\xff\xff\xff", 8);
	*from = &later;
	build_into(AREA_SIZE);
	EXPECT(!find("SSDT"));
	EXPECT(find("SRAT"));
	EXPECT_EQ(length_of(find("SRAT")), sizeof(later));
}

/* ACPICA complains where the old fields and the new ones differ. */
static void old_and_new_fadt_fields_agree(void)
{
	const char *names[] = { "pc", "q35", "bochs", "openvmm" };

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
	EXPECT_EQ(fadt->flags, ACPI_FADT_WBINVD | ACPI_FADT_PWR_BUTTON |
	                               ACPI_FADT_SLP_BUTTON |
	                               ACPI_FADT_RESET_REG_SUP |
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

/* ---- tables byte by byte, behind the header that all tables have */

static void expect_table(const char *signature, uint8_t revision,
                         const void *wanted, uint32_t size)
{
	const uint8_t *table = find(signature), *bytes = wanted;

	EXPECT(table != NULL);
	if (!table)
		return;
	EXPECT_EQ(length_of(table), size);
	EXPECT_EQ(table[8], revision);
	for (uint32_t i = sizeof(struct acpi_header); i < size; i++)
		EXPECT_EQ((uint64_t)i << 32 | table[i],
		          (uint64_t)i << 32 | bytes[i]);
}

/* ACPI 6.4 table 5.9, as QEMU 7.2 fills it in for its "pc". */
static struct acpi_fadt pc_fadt(void)
{
	return (struct acpi_fadt){
		.firmware_ctrl = (uint32_t)acpi.facs_paddr,
		.dsdt = (uint32_t)acpi.dsdt_paddr,
		.sci_int = 9,
		.smi_cmd = 0xb2,
		.acpi_enable = 0xf1,
		.acpi_disable = 0xf0,
		.pm1a_evt_blk = 0x600,
		.pm1a_cnt_blk = 0x604,
		.pm_tmr_blk = 0x608,
		.gpe0_blk = 0xafe0,
		.pm1_evt_len = 4,
		.pm1_cnt_len = 2,
		.pm_tmr_len = 4,
		.gpe0_blk_len = 4,
		.p_lvl2_lat = 101,  /* more than 100: no C2 */
		.p_lvl3_lat = 1001, /* more than 1000: no C3 */
		.century = 0x32,
		.iapc_boot_arch = 3,
		.flags = 0x84a5,
		.reset_reg = { 1, 8, 0, 1, 0xcf9 },
		.reset_value = 0x0f,
		.minor_version = 4,
		.x_dsdt = acpi.dsdt_paddr,
		.x_pm1a_evt_blk = { 1, 32, 0, 2, 0x600 },
		.x_pm1a_cnt_blk = { 1, 16, 0, 2, 0x604 },
		.x_pm_tmr_blk = { 1, 32, 0, 3, 0x608 },
		.x_gpe0_blk = { 1, 32, 0, 1, 0xafe0 },
	};
}

static void the_fadt_of_a_pc_has_these_bytes(void)
{
	struct acpi_fadt wanted;

	build("pc");
	wanted = pc_fadt();
	expect_table("FACP", 6, &wanted, 276);
}

static void the_fadt_tells_what_is_missing(void)
{
	struct acpi_fadt wanted;

	machines_fill_named("pc", &machine);
	machine.reset.space = MACHINE_SPACE_NONE;
	machine.pc.has_i8042 = false;
	machine.pc.has_vga_window = false;
	machine.pc.has_cmos_rtc = false;
	machine.pc.cmos_century = 0;
	machine.pc.pm.lacks_timer = true;
	machine.pc.pm.lacks_power_button = true;
	machine.pc.pm.has_32_bit_timer = true;
	machine.pc.pm.gpe0_base = 0;
	build_into(AREA_SIZE);
	wanted = pc_fadt();
	wanted.flags = 0x81b5;
	wanted.iapc_boot_arch = 0x24;
	wanted.century = 0;
	wanted.reset_reg = (struct acpi_gas){ 0 };
	wanted.reset_value = 0;
	wanted.pm_tmr_blk = wanted.pm_tmr_len = 0;
	wanted.x_pm_tmr_blk = (struct acpi_gas){ 0 };
	wanted.gpe0_blk = wanted.gpe0_blk_len = 0;
	wanted.x_gpe0_blk = (struct acpi_gas){ 0 };
	expect_table("FACP", 6, &wanted, 276);
}

/* A port has 16 bits: what is above is memory. */
static void the_fadt_of_a_microvm_has_these_bytes(void)
{
	struct acpi_fadt wanted = {
		.iapc_boot_arch = 0x24,
		.flags = 0x100431,
		.reset_reg = { 0, 8, 0, 1, 0x10000 },
		.reset_value = 0x42,
		.minor_version = 4,
		.sleep_control_reg = { 1, 8, 0, 1, 0xffff },
		.sleep_status_reg = { 0, 8, 0, 1, 0x1fea00201 },
	};

	machines_fill_named("microvm-acpi", &machine);
	machine.pc.has_cmos_rtc = false;
	machine.reset.address = 0x10000;
	machine.pc.pm.sleep_control_paddr = 0xffff;
	machine.pc.pm.sleep_status_paddr = 0x1fea00201;
	build_into(AREA_SIZE);
	wanted.dsdt = (uint32_t)acpi.dsdt_paddr;
	wanted.x_dsdt = acpi.dsdt_paddr;
	expect_table("FACP", 6, &wanted, 276);
}

/* ACPI 6.4 table 5.20 */
static void the_facs_has_these_bytes(void)
{
	struct acpi_facs wanted = { .length = 64, .version = 2 };

	memcpy(&wanted.signature, "FACS", 4);
	build("pc");
	EXPECT(memcmp(at(acpi.facs_paddr), &wanted, sizeof(wanted)) == 0);
}

/* ACPI 6.4 section 5.2.12: type, length, and so on; INTI flags: table 5.26. */
static void the_madt_has_these_bytes(void)
{
	static const struct {
		struct acpi_madt head;
		struct acpi_madt_lapic lapics[2];
		struct acpi_madt_x2apic x2apics[2];
		struct acpi_madt_ioapic ioapics[2];
		struct acpi_madt_override overrides[4];
		struct acpi_madt_lapic_nmi nmi;
		struct acpi_madt_x2apic_nmi x2apic_nmi;
	} PACKED wanted = {
		.head = { .lapic_address = 0xfee01000, .flags = 1 },
		.lapics = { { 0, 8, 0, 0, 1 }, { 0, 8, 1, 254, 1 } },
		.x2apics = { { 9, 16, 0, 255, 1, 2 },
		             { 9, 16, 0, 0x01020304, 1, 3 } },
		.ioapics = { { 1, 12, 7, 0, 0xfec00000, 0 },
		             { 1, 12, 8, 0, 0xfec01000, 24 } },
		.overrides = { { 2, 10, 0, 0, 2, 0 },   /* as ISA's */
		               { 2, 10, 0, 3, 3, 7 },   /* edge, low */
		               { 2, 10, 0, 5, 5, 0xd }, /* level, high */
		               { 2, 10, 0, 9, 276, 0xf } },
		.nmi = { 4, 6, 0xff, 0, 1 }, /* all CPUs, LINT1 */
		.x2apic_nmi = { 10, 12, 0, 0xffffffff, 1 },
	};
	static const struct machine_override overrides[] = {
		{ .isa_irq = 0, .gsi = 2 },
		{ .isa_irq = 3, .gsi = 3, .is_active_low = true },
		{ .isa_irq = 5, .gsi = 5, .is_level = true },
		{ .isa_irq = 9,
		  .gsi = 276,
		  .is_level = true,
		  .is_active_low = true },
	};

	machines_fill_named("q35", &machine);
	machine.pc.lapic_paddr = 0xfee01000;
	machine.cpu_count = 4;
	machine.cpus[1] = (struct machine_cpu){ .id = 254 };
	machine.cpus[2] = (struct machine_cpu){ .id = 255 };
	machine.cpus[3] = (struct machine_cpu){ .id = 0x01020304 };
	machine.pc.ioapic_count = 2;
	machine.pc.ioapics[0].id = 7;
	machine.pc.ioapics[1] = (struct machine_ioapic){ .id = 8,
		                                         .gsi_base = 24,
		                                         .paddr = 0xfec01000 };
	machine.pc.override_count = ARRAY_COUNT(overrides);
	memcpy(machine.pc.overrides, overrides, sizeof(overrides));
	build_into(AREA_SIZE);
	expect_table("APIC", 5, &wanted, sizeof(wanted));
}

/* ACPI 6.4 section 5.2.16 */
static void the_srat_has_these_bytes(void)
{
	static const struct {
		struct acpi_srat head;
		struct acpi_srat_lapic lapics[2];
		struct acpi_srat_x2apic x2apic;
		struct acpi_srat_memory memory;
	} PACKED wanted = {
		.head = { .reserved1 = 1 },
		.lapics = { { 0, 16, 3, 0, 1, 0, { 0 }, 0 },
		            { 0, 16, 2, 9, 1, 0, { 0 }, 0 } },
		.x2apic = { 2, 24, 0, 1, 0x01020304, 1, 0, 0 },
		.memory = { 1, 40, 1, 0, 0x80000000, 0x200000000, 0, 1, 0 },
	};

	machines_fill_named("q35-nodes", &machine);
	machine.ram_count = 1;
	machine.ram[0] =
		(struct machine_ram){ 0x80000000, 0x200000000, 1, 1, 0 };
	machine.cpu_count = 3;
	machine.cpus[0] = (struct machine_cpu){ .id = 0, .node = 3 };
	machine.cpus[1] = (struct machine_cpu){ .id = 9, .node = 2 };
	machine.cpus[2] = (struct machine_cpu){ .id = 0x01020304, .node = 1 };
	build_into(AREA_SIZE);
	expect_table("SRAT", 3, &wanted, sizeof(wanted));
}

/* IA-PC HPET 1.0a section 3.2.4; WAET 1.0; VT-d 3.3 sections 8.1, 8.3. */
static void the_small_tables_have_these_bytes(void)
{
	static const struct acpi_hpet hpet = {
		.event_timer_block_id = 0x8086a201,
		.base_address = { .space_id = 0, .address = 0xfed00000 },
	};
	static const struct acpi_waet waet = { .flags = 2 };
	static const struct {
		struct acpi_dmar head;
		struct acpi_dmar_drhd unit;
	} PACKED dmar = {
		.head = { .host_address_width = 38, .flags = 1 },
		.unit = { 0,
		          24,
		          1,
		          0,
		          0,
		          0xfed90000,
		          { 3, 8, 0, 7, 255, 0, 0 } },
	};

	machines_fill_named("q35-iommu-288", &machine);
	machine.pc.ioapics[0].id = 7;
	build_into(AREA_SIZE);
	expect_table("HPET", 1, &hpet, sizeof(hpet));
	expect_table("WAET", 1, &waet, sizeof(waet));
	expect_table("DMAR", 1, &dmar, sizeof(dmar));
	machine.pc.vtd_remaps_interrupts = false;
	machine.pc.hpet_paddr = 0;
	machine.hypervisor = MACHINE_HYPERVISOR_NONE;
	build_into(AREA_SIZE);
	EXPECT_EQ(((const uint8_t *)find("DMAR"))[37], 0);
	EXPECT(!find("HPET") && !find("WAET"));
	build("microvm-acpi"); /* no PM timer, no IOMMU */
	EXPECT(!find("WAET") && !find("DMAR"));
}

/* Counts MADT or SRAT entries of a type. `first` gets the first of them. */
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
	EXPECT_EQ(COUNT_MADT(ACPI_MADT_LAPIC_NMI, &first), 1);
	EXPECT_EQ(first[2], 0xff); /* all CPUs, LINT1 */
	EXPECT_EQ(first[5], 1);
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

	/* IDs have gaps, so the 128th CPU is the first with an ID above 254. */
	build("odd");
	EXPECT_EQ(COUNT_MADT(ACPI_MADT_LAPIC, NULL), 128);
	EXPECT_EQ(COUNT_MADT(ACPI_MADT_X2APIC, &first), 72);
	EXPECT_EQ(load_le32(first + 4), 256);
	EXPECT_EQ(load_le32(first + 12), 128);
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

int main(void)
{
	RUN(every_machine_has_sound_tables);
	RUN(tables_are_the_same_each_time);
	RUN(any_smaller_area_panics_and_is_kept);
	RUN(pc_has_a_pm1_block);
	RUN(a_power_button_that_is_absent_is_not_told);
	RUN(a_table_passed_on_stays_what_it_was);
	RUN(old_and_new_fadt_fields_agree);
	RUN(microvm_is_hardware_reduced);
	RUN(sleep_registers_may_be_ports);
	RUN(the_fadt_of_a_pc_has_these_bytes);
	RUN(the_fadt_tells_what_is_missing);
	RUN(the_fadt_of_a_microvm_has_these_bytes);
	RUN(the_facs_has_these_bytes);
	RUN(the_madt_has_these_bytes);
	RUN(the_srat_has_these_bytes);
	RUN(the_small_tables_have_these_bytes);
	RUN(madt_lists_cpus_and_interrupts);
	RUN(many_cpus_need_x2apic_entries);
	RUN(nodes_have_memory_and_distances);
	return test_status();
}
