/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/probe/vmm_madt.c - CPUs and interrupts by a VMM's MADT
 *
 * ACPI 6.4 section 5.2.12.
 */
#include "arch/x86_64/probe/vmm_madt.h"

#include "arch/x86_64/probe/facts.h"
#include "common/lib/console.h"
#include "common/spec/acpi_platform.h"

union madt_entry {
	const uint8_t *bytes; /* type, length */
	const struct acpi_madt_lapic *lapic;
	const struct acpi_madt_x2apic *x2apic;
	const struct acpi_madt_ioapic *ioapic;
	const struct acpi_madt_override *override;
};

/* The least sizes of entries, by their type. Those of others are not read. */
static const uint8_t madt_sizes[] = {
	[ACPI_MADT_LAPIC] = sizeof(struct acpi_madt_lapic),
	[ACPI_MADT_IOAPIC] = sizeof(struct acpi_madt_ioapic),
	[ACPI_MADT_OVERRIDE] = sizeof(struct acpi_madt_override),
	[ACPI_MADT_X2APIC] = sizeof(struct acpi_madt_x2apic),
};

static void read_madt_entry(struct machine *machine, union madt_entry entry)
{
	const struct acpi_madt_override *override = entry.override;

	switch (*entry.bytes) {
	case ACPI_MADT_LAPIC:
		if (entry.lapic->flags & ACPI_MADT_CPU_ENABLED)
			facts_add_cpu(machine, entry.lapic->apic_id);
		break;
	case ACPI_MADT_X2APIC:
		if (entry.x2apic->flags & ACPI_MADT_CPU_ENABLED)
			facts_add_cpu(machine, entry.x2apic->x2apic_id);
		break;
	case ACPI_MADT_IOAPIC:
		facts_add_ioapic(&machine->pc, entry.ioapic->ioapic_id,
		                 entry.ioapic->gsi_base,
		                 entry.ioapic->ioapic_address);
		break;
	case ACPI_MADT_OVERRIDE:
		facts_set_override(
			&machine->pc,
			&(struct machine_override){
				.isa_irq = override->source,
				.is_level =
					(override->flags & ACPI_INTI_LEVEL) ==
					ACPI_INTI_LEVEL,
				.is_active_low = (override->flags &
		                                  ACPI_INTI_ACTIVE_LOW) ==
		                                 ACPI_INTI_ACTIVE_LOW,
				.gsi = override->gsi,
			});
	}
}

void vmm_madt_read(struct machine *machine, const struct acpi_header *table)
{
	union madt_entry entry = { (const uint8_t *)table +
		                   sizeof(struct acpi_madt) };
	uint64_t left = table->length - sizeof(struct acpi_madt);

	/* Where the one is there is the other: OpenVMM has both or none. */
	machine->pc.has_pic = ((const struct acpi_madt *)table)->flags &
	                      ACPI_MADT_PCAT_COMPAT;
	machine->pc.has_pit = machine->pc.has_pic;
	machine->pc.ioapic_count = 0;
	machine->pc.override_count = 0;
	while (left >= 2) {
		uint32_t type = *entry.bytes, size = entry.bytes[1];

		if (size > left || size < 2 ||
		    (type < sizeof(madt_sizes) && size < madt_sizes[type]))
			panic("acpi: VMM's MADT: type %u has %u bytes of %u",
			      type, size, (uint32_t)left);
		read_madt_entry(machine, entry);
		entry.bytes += size;
		left -= size;
	}
}
