/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/describe/acpi_x86.c - all ACPI tables of a PC, and the small ones
 *
 * IA-PC HPET Specification 1.0a; Microsoft's WAET 1.0; Intel VT-d 3.3.
 */
#include "arch/x86_64/describe/acpi_x86.h"

#include "arch/x86_64/describe/acpi_dsdt.h"
#include "arch/x86_64/describe/acpi_fadt.h"
#include "arch/x86_64/describe/acpi_madt.h"

#define IOAPIC_BUS 0xff /* the bus of QEMU's I/O APIC for the IOMMU */

static void add_hpet(struct acpi *acpi, const struct machine_pc *pc)
{
	struct acpi_hpet *hpet;

	if (pc->hpet_paddr == 0)
		return;
	hpet = acpi_begin(acpi, "HPET", ACPI_HPET_REVISION, sizeof(*hpet));
	hpet->event_timer_block_id = pc->hpet_id;
	hpet->base_address.space_id = ACPI_SPACE_MEMORY;
	hpet->base_address.address = pc->hpet_paddr;
	acpi_end_listed(acpi);
}

/* WAET: tells Windows that one read of the emulated PM timer is enough. */
static void add_waet(struct acpi *acpi, const struct machine *machine)
{
	struct acpi_waet *waet;

	if (machine->pc.pm.base == 0 ||
	    machine->hypervisor == MACHINE_HYPERVISOR_NONE)
		return;
	waet = acpi_begin(acpi, "WAET", ACPI_WAET_REVISION, sizeof(*waet));
	waet->flags = ACPI_WAET_PM_TIMER_GOOD;
	acpi_end_listed(acpi);
}

/* DMAR: one IOMMU for everything. Interrupts of more than 255 CPUs need it. */
static void add_dmar(struct acpi *acpi, const struct machine_pc *pc)
{
	struct acpi_dmar *dmar;
	struct acpi_dmar_drhd *drhd;

	if (pc->vtd_paddr == 0)
		return;
	dmar = acpi_begin(acpi, "DMAR", ACPI_DMAR_REVISION,
	                  sizeof(*dmar) + sizeof(*drhd));
	dmar->host_address_width = (uint8_t)(pc->vtd_host_address_width - 1);
	if (pc->vtd_remaps_interrupts)
		dmar->flags = ACPI_DMAR_INTR_REMAP;

	drhd = (struct acpi_dmar_drhd *)(dmar + 1);
	drhd->type = ACPI_DMAR_DRHD;
	drhd->length = sizeof(*drhd);
	drhd->flags = ACPI_DMAR_INCLUDE_PCI_ALL;
	drhd->register_address = pc->vtd_paddr;
	drhd->ioapic.type = ACPI_DMAR_SCOPE_IOAPIC;
	drhd->ioapic.length = sizeof(drhd->ioapic);
	drhd->ioapic.enumeration_id = (uint8_t)pc->ioapics[0].id;
	drhd->ioapic.start_bus = IOAPIC_BUS;
	acpi_end_listed(acpi);
}

/* Copies tables of the VMM: they may lie where the kernel will be. */
static void add_given(struct acpi *acpi, const struct machine_pc *pc)
{
	for (uint32_t i = 0; i < pc->table_count; i++) {
		const struct machine_table *from = &pc->tables[i];
		struct acpi_header *table =
			acpi_append(acpi, from->data, from->size);

		table->signature = from->signature;
		table->checksum = 0;
		acpi->table = (uint8_t *)table;
		acpi_end_listed(acpi);
	}
}

NOINLINE void acpi_x86_build(struct acpi *acpi, const struct machine *machine,
                             const struct acpi_fpdt_times *times)
{
	acpi_x86_add_facs(acpi, machine);
	acpi_x86_add_dsdt(acpi, machine);
	acpi_x86_add_fadt(acpi, machine);
	acpi_x86_add_madt(acpi, machine);
	add_hpet(acpi, &machine->pc);
	acpi_add_mcfg(acpi, machine);
	acpi_x86_add_srat(acpi, machine);
	acpi_add_slit(acpi, machine);
	acpi_add_spcr(acpi, machine,
	              ACPI_SPCR_IRQ_IOAPIC |
	                      (machine->pc.has_pic ? ACPI_SPCR_IRQ_8259 : 0));
	add_waet(acpi, machine);
	add_dmar(acpi, &machine->pc);
	add_given(acpi, &machine->pc);
	if (times != NULL)
		acpi_add_fpdt(acpi, times);
	acpi_add_xsdt(acpi);
}
