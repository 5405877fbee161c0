/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/describe/acpi_madt.c - MADT and SRAT: CPUs, interrupts, nodes
 *
 * ACPI 6.4 sections 5.2.12 and 5.2.16. The UID of a CPU is its index, here and
 * in the DSDT.
 */
#include "arch/x86_64/describe/acpi_madt.h"

#include "common/image.h"

/* LINT1 of every local APIC gets the NMI, as the MP specification wires it. */
#define NMI_LINT 1

/* Tells whether ID or UID needs more than the byte of a classic entry. */
static bool is_large(const struct machine_cpu *cpu, uint32_t uid)
{
	return cpu->id > ACPI_MADT_LAPIC_MAX || uid > ACPI_MADT_LAPIC_MAX;
}

/* Returns how many CPUs, before the first large one, have classic entries. */
static uint32_t count_lapics(const struct machine *machine)
{
	uint32_t uid = 0;

	while (uid < machine->cpu_count && !is_large(&machine->cpus[uid], uid))
		uid++;
	return uid;
}

static void append_lapics(struct acpi *acpi, const struct machine *machine,
                          uint32_t count)
{
	struct acpi_madt_lapic *entry =
		acpi_reserve(acpi, count * sizeof(*entry));

	for (uint32_t i = 0; i < count; i++, entry++) {
		uint32_t uid = paravisor_cpu_at(machine, i);

		entry->type = ACPI_MADT_LAPIC;
		entry->length = sizeof(*entry);
		entry->processor_uid = (uint8_t)uid;
		entry->apic_id = (uint8_t)machine->cpus[uid].id;
		entry->flags = ACPI_MADT_CPU_ENABLED;
	}
}

static void append_x2apics(struct acpi *acpi, const struct machine *machine,
                           uint32_t first_uid)
{
	for (uint32_t uid = first_uid; uid < machine->cpu_count; uid++) {
		struct acpi_madt_x2apic *entry =
			acpi_reserve(acpi, sizeof(*entry));

		*entry = (struct acpi_madt_x2apic){
			.type = ACPI_MADT_X2APIC,
			.length = sizeof(*entry),
			.x2apic_id = (uint32_t)machine->cpus[uid].id,
			.flags = ACPI_MADT_CPU_ENABLED,
			.processor_uid = uid,
		};
	}
}

static void append_ioapics(struct acpi *acpi, const struct machine_pc *pc)
{
	for (uint32_t i = 0; i < pc->ioapic_count; i++) {
		const struct machine_ioapic *ioapic = &pc->ioapics[i];
		struct acpi_madt_ioapic *entry =
			acpi_reserve(acpi, sizeof(*entry));

		*entry = (struct acpi_madt_ioapic){
			.type = ACPI_MADT_IOAPIC,
			.length = sizeof(*entry),
			.ioapic_id = (uint8_t)ioapic->id,
			.ioapic_address = (uint32_t)ioapic->paddr,
			.gsi_base = ioapic->gsi_base,
		};
	}
}

/*
 * An edge that is active high is the default of an ISA interrupt, which 0
 * stands for.
 */
static uint16_t override_flags(const struct machine_override *override)
{
	uint32_t polarity = override->is_active_low ? ACPI_INTI_ACTIVE_LOW
	                                            : ACPI_INTI_ACTIVE_HIGH;

	if (override->is_level)
		return (uint16_t)(ACPI_INTI_LEVEL | polarity);
	return override->is_active_low ? ACPI_INTI_EDGE | ACPI_INTI_ACTIVE_LOW
	                               : 0;
}

static void append_overrides(struct acpi *acpi, const struct machine_pc *pc)
{
	for (uint32_t i = 0; i < pc->override_count; i++) {
		const struct machine_override *override = &pc->overrides[i];
		struct acpi_madt_override *entry =
			acpi_reserve(acpi, sizeof(*entry));

		*entry = (struct acpi_madt_override){
			.type = ACPI_MADT_OVERRIDE,
			.length = sizeof(*entry),
			.bus = 0,
			.source = override->isa_irq,
			.gsi = override->gsi,
			.flags = override_flags(override),
		};
	}
}

static void append_nmis(struct acpi *acpi, bool has_x2apic)
{
	static const struct acpi_madt_lapic_nmi lapic = {
		.type = ACPI_MADT_LAPIC_NMI,
		.length = sizeof(lapic),
		.processor_uid = ACPI_MADT_ALL_LAPIC,
		.lint = NMI_LINT,
	};
	static const struct acpi_madt_x2apic_nmi x2apic = {
		.type = ACPI_MADT_X2APIC_NMI,
		.length = sizeof(x2apic),
		.processor_uid = ACPI_MADT_ALL_X2APIC,
		.lint_and_reserved = NMI_LINT,
	};

	acpi_append(acpi, &lapic, sizeof(lapic));
	if (has_x2apic)
		acpi_append(acpi, &x2apic, sizeof(x2apic));
}

void acpi_x86_add_madt(struct acpi *acpi, const struct machine *machine)
{
	const struct machine_pc *pc = &machine->pc;
	struct acpi_madt *madt =
		acpi_begin(acpi, "APIC", ACPI_MADT_REVISION, sizeof(*madt));
	uint32_t lapic_count = count_lapics(machine);

	madt->lapic_address = (uint32_t)pc->lapic_paddr;
	if (pc->has_pic)
		madt->flags = ACPI_MADT_PCAT_COMPAT;
	append_lapics(acpi, machine, lapic_count);
	append_x2apics(acpi, machine, lapic_count);
	append_ioapics(acpi, pc);
	append_overrides(acpi, pc);
	append_nmis(acpi, lapic_count != machine->cpu_count);
	acpi_end_listed(acpi);
}

/* The classic entry has the low byte of the node in a field of its own. */
static_assert(MACHINE_NODE_MAX <= 256, "struct acpi_srat_lapic");

static void append_lapic_affinity(struct acpi *acpi,
                                  const struct machine_cpu *cpu)
{
	struct acpi_srat_lapic *entry = acpi_reserve(acpi, sizeof(*entry));

	*entry = (struct acpi_srat_lapic){
		.type = ACPI_SRAT_LAPIC,
		.length = sizeof(*entry),
		.proximity_domain_low = (uint8_t)cpu->node,
		.apic_id = (uint8_t)cpu->id,
		.flags = ACPI_SRAT_ENABLED,
	};
}

static void append_x2apic_affinity(struct acpi *acpi,
                                   const struct machine_cpu *cpu)
{
	struct acpi_srat_x2apic *entry = acpi_reserve(acpi, sizeof(*entry));

	*entry = (struct acpi_srat_x2apic){
		.type = ACPI_SRAT_X2APIC,
		.length = sizeof(*entry),
		.proximity_domain = cpu->node,
		.x2apic_id = (uint32_t)cpu->id,
		.flags = ACPI_SRAT_ENABLED,
	};
}

static void append_affinities(struct acpi *acpi, const struct machine *machine)
{
	for (uint32_t uid = 0; uid < machine->cpu_count; uid++) {
		const struct machine_cpu *cpu = &machine->cpus[uid];

		if (is_large(cpu, uid))
			append_x2apic_affinity(acpi, cpu);
		else
			append_lapic_affinity(acpi, cpu);
	}
}

void acpi_x86_add_srat(struct acpi *acpi, const struct machine *machine)
{
	struct acpi_srat *srat;

	if (machine->node_count == 0)
		return;
	srat = acpi_begin(acpi, "SRAT", ACPI_SRAT_REVISION, sizeof(*srat));
	srat->reserved1 = 1;
	append_affinities(acpi, machine);
	acpi_append_srat_memory(acpi, machine);
	acpi_end_listed(acpi);
}
