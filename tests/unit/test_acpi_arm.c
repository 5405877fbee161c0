/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/unit/test_acpi_arm.c - ACPI tables of Arm machines */
#include <string.h>

#include "arch/aarch64/describe/acpi_arm.h"
#include "common/spec/acpi_arm.h"
#include "tests/unit/test.h"
#include "tests/unit/trees.h"

#define AREA_BASE 0x40803000

static _Alignas(64) uint8_t area[512 * 1024];
static struct machine machine;
static struct acpi acpi;

static void build(const char *name)
{
	trees_fill_machine(&machine, name);
	acpi_begin_area(&acpi, area, AREA_BASE, sizeof(area));
	acpi_arm_build(&acpi, &machine, NULL);
}

static void *find(const char *signature)
{
	for (uint32_t i = 0; i < acpi.table_count; i++) {
		uint8_t *table = area + (acpi.tables[i] - AREA_BASE);

		if (memcmp(table, signature, 4) == 0)
			return table;
	}
	return NULL;
}

/* Finds the index'th structure of the type in a MADT or SRAT. */
static void *find_entry(const char *signature, uint32_t head_size, uint8_t type,
                        uint32_t index)
{
	uint8_t *table = find(signature);
	uint32_t size = load_le32(table + 4);

	for (uint32_t at = head_size; at < size; at += table[at + 1]) {
		if (table[at] == type && index-- == 0)
			return table + at;
	}
	return NULL;
}

static void all_tables_sum_to_zero(void)
{
	for (unsigned t = 0; t < TREES_COUNT; t++) {
		build(trees_name(t));
		for (uint32_t i = 0; i < acpi.table_count; i++) {
			uint8_t *table = area + (acpi.tables[i] - AREA_BASE);
			uint8_t sum = 0;

			for (uint32_t j = 0; j < load_le32(table + 4); j++)
				sum += table[j];
			EXPECT_EQ(sum, 0);
		}
	}
}

static void conduit_is_told(void)
{
	const struct acpi_fadt *fadt;

	build("qemu-gicv2");
	fadt = find("FACP");
	EXPECT_EQ(fadt->flags, ACPI_FADT_HW_REDUCED);
	EXPECT_EQ(fadt->arm_boot_arch, 3);
	build("qemu-gicv2-el2");
	fadt = find("FACP");
	EXPECT_EQ(fadt->arm_boot_arch, 1);
}

static void madt_has_every_cpu(void)
{
	const struct acpi_madt_gicc *gicc;
	uint32_t head = sizeof(struct acpi_madt);

	build("qemu-gicv3-its-smmu-numa");
	for (uint32_t i = 0; i < 4; i++) {
		gicc = find_entry("APIC", head, ACPI_MADT_GICC, i);
		EXPECT_EQ(gicc->processor_uid, i);
		EXPECT_EQ(gicc->mpidr, i);
		EXPECT_EQ(gicc->performance_gsiv, 23);
		EXPECT_EQ(gicc->vgic_maintenance_gsiv, 25);
		EXPECT_EQ(gicc->gicr_base_address, 0);
	}
	EXPECT(find_entry("APIC", head, ACPI_MADT_GICC, 4) == NULL);
	EXPECT(find_entry("APIC", head, ACPI_MADT_GICR, 0) != NULL);
	EXPECT(find_entry("APIC", head, ACPI_MADT_ITS, 0) != NULL);
	EXPECT(find_entry("APIC", head, ACPI_MADT_MSI_FRAME, 0) == NULL);
}

static void msi_frame_tells_spis_if_known(void)
{
	const struct acpi_madt_msi_frame *frame;
	uint32_t head = sizeof(struct acpi_madt);

	build("qemu-gicv2");
	frame = find_entry("APIC", head, ACPI_MADT_MSI_FRAME, 0);
	EXPECT_EQ(frame->flags, 0);
	build("openvmm");
	frame = find_entry("APIC", head, ACPI_MADT_MSI_FRAME, 0);
	EXPECT_EQ(frame->flags, ACPI_MSI_FRAME_HAS_SPIS);
	EXPECT_EQ(frame->spi_base, 928);
	EXPECT_EQ(frame->spi_count, 64);
}

static void gtdt_has_what_there_is(void)
{
	const struct acpi_gtdt *gtdt;

	build("openvmm");
	gtdt = find("GTDT");
	EXPECT_EQ(gtdt->virtual_el1.gsiv, 20);
	EXPECT_EQ(gtdt->virtual_el1.flags,
	          ACPI_GTDT_ACTIVE_LOW | ACPI_GTDT_ALWAYS_ON);
	EXPECT_EQ(gtdt->cnt_control_base, UINT64_MAX);
}

/* The tree has the virtual timer only. */
static void gtdt_tells_no_zero_to_linux(void)
{
	const struct acpi_gtdt *gtdt;

	build("openvmm");
	gtdt = find("GTDT");
	EXPECT_EQ(gtdt->non_secure_el1.gsiv, 30);
	EXPECT_EQ(gtdt->el2.gsiv, 26);
	EXPECT_EQ(gtdt->el2.flags, gtdt->virtual_el1.flags);
	EXPECT_EQ(gtdt->secure_el1.gsiv, 0);
	EXPECT_EQ(gtdt->virtual_el2.gsiv, 0);
	EXPECT_EQ(gtdt->virtual_el2.flags, 0);
}

static void iort_leads_through_the_smmu(void)
{
	const uint8_t *iort;
	const struct acpi_iort_smmuv3 *smmu;
	const struct acpi_iort_root_complex *complex;

	build("qemu-gicv3-its-smmu-numa");
	iort = find("IORT");
	smmu = (const void *)(iort + 48 + 24);
	complex = (const void *)(iort + 48 + 24 + 88);
	EXPECT_EQ(load_le32(iort + 36), 3);
	EXPECT_EQ(smmu->node.type, ACPI_IORT_SMMUV3);
	EXPECT_EQ(smmu->mapping.output_reference, 48);
	EXPECT_EQ(complex->node.type, ACPI_IORT_ROOT_COMPLEX);
	EXPECT_EQ(complex->mapping.output_reference, 48 + 24);
	EXPECT_EQ(complex->mapping.last, 0xffff);
	build("cloud-hypervisor");
	iort = find("IORT");
	complex = (const void *)(iort + 48 + 24);
	EXPECT_EQ(complex->mapping.output_reference, 48);
	EXPECT_EQ(complex->mapping.last, 0xff);
	build("qemu-gicv2");
	EXPECT(find("IORT") == NULL);
}

/* Without an ITS nothing is mapped. */
static void an_smmu_may_be_alone(void)
{
	const struct acpi_iort_smmuv3 *smmu;
	const struct acpi_iort_root_complex *complex;
	const uint8_t *iort;

	trees_fill_machine(&machine, "qemu-gicv3-its-smmu-numa");
	machine.arm.its.size = 0;
	acpi_begin_area(&acpi, area, AREA_BASE, sizeof(area));
	acpi_arm_build(&acpi, &machine, NULL);
	iort = find("IORT");
	smmu = (const void *)(iort + 48);
	complex = (const void *)(iort + 48 + 68);
	EXPECT_EQ(load_le32(iort + 36), 2);
	EXPECT_EQ(smmu->node.length, 68);
	EXPECT_EQ(smmu->node.mapping_count, 0);
	EXPECT_EQ(smmu->node.mapping_offset, 0);
	EXPECT_EQ(complex->node.type, ACPI_IORT_ROOT_COMPLEX);
	EXPECT_EQ(complex->mapping.output_reference, 48);
}

static void nodes_are_told(void)
{
	const struct acpi_srat_gicc *gicc;
	const uint8_t *slit;

	build("qemu-gicv3-its-smmu-numa");
	gicc = find_entry("SRAT", sizeof(struct acpi_srat), ACPI_SRAT_GICC, 3);
	EXPECT_EQ(gicc->processor_uid, 3);
	EXPECT_EQ(gicc->proximity_domain, 1);
	slit = find("SLIT");
	EXPECT_EQ(slit[44 + 1], 42);
	build("qemu-gicv2");
	EXPECT(find("SRAT") == NULL);
}

/* The machine has two packages of one cluster of two cores of two threads. */
static void cpus_are_grouped(void)
{
	const struct acpi_pptt_node *node;
	const uint8_t *pptt;

	build("qemu-gicv3-smt");
	pptt = find("PPTT");
	node = (const void *)(pptt + 36);
	EXPECT_EQ(load_le32(pptt + 4), 36 + 20 * (2 + 2 + 4 + 8));
	EXPECT_EQ(node[0].flags, ACPI_PPTT_PACKAGE);
	EXPECT_EQ(node[1].parent, 36);
	EXPECT_EQ(node[2].parent, 36 + 20);
	EXPECT_EQ(node[3].parent, 36 + 40);
	EXPECT_EQ(node[3].processor_uid, 0);
	EXPECT_EQ(node[4].processor_uid, 1);
	EXPECT_EQ(node[4].flags,
	          ACPI_PPTT_UID_VALID | ACPI_PPTT_LEAF | ACPI_PPTT_THREAD);
	EXPECT_EQ(node[8].flags, ACPI_PPTT_PACKAGE);
	build("kvmtool");
	pptt = find("PPTT");
	EXPECT_EQ(load_le32(pptt + 4), 36 + 20 * (1 + 2));
}

static void console_is_told(void)
{
	const struct acpi_spcr *spcr;

	build("openvmm");
	spcr = find("SPCR");
	EXPECT_EQ(spcr->interface_type, ACPI_SPCR_SBSA);
	EXPECT_EQ(spcr->gsi, 33);
	build("kvmtool");
	spcr = find("SPCR");
	EXPECT_EQ(spcr->interface_type, ACPI_SPCR_16550);
	EXPECT_EQ(spcr->base_address.address, 0x1000000);
}

static void the_debug_port_is_told(void)
{
	const struct acpi_dbg2 *dbg2;

	build("openvmm");
	dbg2 = find("DBG2");
	EXPECT_EQ(dbg2->port_type, 0x8000);
	EXPECT_EQ(dbg2->port_subtype, ACPI_SPCR_SBSA);
	EXPECT_EQ(dbg2->base_address_offset, 22);
	EXPECT_EQ(dbg2->base_address.address, 0xeffec000);
	build("kvmtool");
	dbg2 = find("DBG2");
	EXPECT_EQ(dbg2->port_subtype, ACPI_SPCR_16550);
}

/* Finds the DSDT's descriptor of that kind with that base. */
static const uint8_t *find_registers(uint8_t tag, uint32_t base_offset,
                                     uint64_t base, uint32_t base_size)
{
	const uint8_t *dsdt = area + (acpi.dsdt_paddr - AREA_BASE);
	uint32_t size = load_le32(dsdt + 4);

	for (uint32_t at = 36; at + base_offset + base_size <= size; at++) {
		if (dsdt[at] == tag &&
		    !memcmp(dsdt + at + base_offset, &base, base_size))
			return dsdt + at;
	}
	return NULL;
}

/* PL011, PL031, PL061 and fw_cfg may be at any 64-bit address. */
static void devices_are_where_they_are(void)
{
	static const uint32_t places[] = { 0x9000000, 0x9010000, 0x9020000,
		                           0x9030000 };
	const uint8_t *space;

	build("qemu-gicv2");
	for (uint32_t i = 0; i < ARRAY_COUNT(places); i++)
		EXPECT(find_registers(0x86, 4, places[i], 4) != NULL);
	build("soc");
	for (uint32_t i = 0; i < ARRAY_COUNT(places); i++) {
		EXPECT(find_registers(0x86, 4, places[i], 4) == NULL);
		space = find_registers(0x8a, 14, 0x1000000000 + places[i], 8);
		EXPECT(space != NULL && space[4] & 1);
	}
}

/*
 * ACPI 6.4 section 6.4.3.8.1: an edge of pin 3 of the controller by that name,
 * active high, which wakes; Notify (PWRB, 0x80).
 */
static void the_power_key_is_a_pin(void)
{
	static const uint8_t events[] = {
		0x8c, 0x1b, 0x00, 0x01, 0x00, 0x01, 0x00, 0x11, 0x00, 0x01,
		0x00, 0x00, 0x00, 0x00, 0x17, 0x00, 0x00, 0x19, 0x00, 0x1e,
		0x00, 0x00, 0x00, 0x03, 0x00, 'G',  'P',  'O',  '0',  0x00,
		0x79, 0x00, 0x14, 0x0d, '_',  'E',  'V',  'T',  0x01, 0x86,
		'P',  'W',  'R',  'B',  0x0a, 0x80,
	};
	const uint8_t *dsdt;
	uint32_t found = 0;

	build("qemu-gicv2");
	dsdt = area + (acpi.dsdt_paddr - AREA_BASE);
	for (uint32_t at = 36; at + sizeof(events) <= load_le32(dsdt + 4); at++)
		found += !memcmp(dsdt + at, events, sizeof(events));
	EXPECT_EQ(found, 1);
}

static void coherence_is_told(void)
{
	static const uint8_t cca[] = { 0x08, '_', 'C', 'C', 'A', 0x0c };
	const uint8_t *dsdt;
	uint32_t size, found[2] = { 0 };

	build("soc");
	dsdt = area + (acpi.dsdt_paddr - AREA_BASE);
	size = load_le32(dsdt + 4);
	for (uint32_t at = 0; at + sizeof(cca) < size; at++) {
		if (!memcmp(dsdt + at, cca, sizeof(cca)))
			found[dsdt[at + sizeof(cca)]]++;
	}
	/* fw_cfg and the first PCI host; the second */
	EXPECT_EQ(found[1], 2);
	EXPECT_EQ(found[0], 1);
}

/* Other machines get a device tree. */
static void what_has_no_words_is_known(void)
{
	for (unsigned t = 0; t < TREES_COUNT; t++) {
		const char *name = trees_name(t);

		trees_fill_machine(&machine, name);
		EXPECT_EQ(acpi_arm_can_tell(&machine),
		          strcmp(name, "crosvm") != 0 && /* CAM */
		                  strcmp(name, "soc") != 0);
	}
	trees_fill_machine(&machine, "soc");
	machine.pci_routes[0].is_edge = machine.pci_routes[1].is_edge = false;
	machine.virtio_mmio_count = 0;
	EXPECT(acpi_arm_can_tell(&machine));
	machine.pci_routes[1].is_edge = true;
	EXPECT(!acpi_arm_can_tell(&machine));
	machine.pci_routes[0].is_edge = true;
	machine.pci_routes[1].is_edge = false;
	EXPECT(!acpi_arm_can_tell(&machine));
	trees_fill_machine(&machine, "qemu-gicv2");
	machine.virtio_mmio[0].paddr = 0xfffff000;
	EXPECT(acpi_arm_can_tell(&machine));
	machine.virtio_mmio[0].paddr += 0x1000;
	EXPECT(!acpi_arm_can_tell(&machine));
}

int main(int argc, char **argv)
{
	(void)argc;
	trees_init(argv[0]);
	RUN(all_tables_sum_to_zero);
	RUN(conduit_is_told);
	RUN(madt_has_every_cpu);
	RUN(msi_frame_tells_spis_if_known);
	RUN(gtdt_has_what_there_is);
	RUN(gtdt_tells_no_zero_to_linux);
	RUN(iort_leads_through_the_smmu);
	RUN(an_smmu_may_be_alone);
	RUN(nodes_are_told);
	RUN(cpus_are_grouped);
	RUN(console_is_told);
	RUN(the_debug_port_is_told);
	RUN(devices_are_where_they_are);
	RUN(the_power_key_is_a_pin);
	RUN(coherence_is_told);
	RUN(what_has_no_words_is_known);
	return test_status();
}
