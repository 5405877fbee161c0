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
	RUN(madt_lists_cpus_and_interrupts);
	RUN(many_cpus_need_x2apic_entries);
	RUN(nodes_have_memory_and_distances);
	return test_status();
}
