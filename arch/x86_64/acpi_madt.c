/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/acpi_madt.c - MADT and SRAT: CPUs, interrupts, who is near whom
 *
 * ACPI 6.4 sections 5.2.12 and 5.2.16. The UID of a CPU is its index, here and
 * in the DSDT.
 */
#include "arch/x86_64/acpi_x86.h"

/* LAPIC 1 of all CPUs gets the NMI, by the MP specification's wiring. */
#define NMI_LINT 1

static bool needs_x2apic_entry(const struct machine_cpu *cpu, uint32_t uid)
{
	return cpu->id > ACPI_MADT_LAPIC_MAX || uid > ACPI_MADT_LAPIC_MAX;
}

/* CPUs that fit into 8 bytes, as one word each. Returns how many did. */
static uint32_t append_lapics(struct acpi *acpi, const struct machine *machine)
{
	const struct acpi_madt_lapic template = {
		.type = ACPI_MADT_LAPIC,
		.length = sizeof(template),
		.flags = ACPI_MADT_CPU_ENABLED,
	};
	uint64_t word = ((const struct acpi_qword *)&template)->value;
	uint32_t uid;

	for (uid = 0; uid < machine->cpu_count; uid++) {
		const struct machine_cpu *cpu = &machine->cpus[uid];
		struct acpi_qword *lapic;

		if (needs_x2apic_entry(cpu, uid))
			break;
		lapic = acpi_reserve(acpi, sizeof(*lapic));
		lapic->value = word | uid << 16 | cpu->id << 24;
	}
	return uid;
}

static void append_x2apics(struct acpi *acpi, const struct machine *machine,
                           uint32_t first_uid)
{
	for (uint32_t uid = first_uid; uid < machine->cpu_count; uid++) {
		const struct acpi_madt_x2apic x2apic = {
			.type = ACPI_MADT_X2APIC,
			.length = sizeof(x2apic),
			.x2apic_id = (uint32_t)machine->cpus[uid].id,
			.flags = ACPI_MADT_CPU_ENABLED,
			.processor_uid = uid,
		};
		acpi_append(acpi, &x2apic, sizeof(x2apic));
	}
}

static void append_ioapics(struct acpi *acpi, const struct machine_pc *pc)
{
	for (uint32_t i = 0; i < pc->ioapic_count; i++) {
		const struct acpi_madt_ioapic ioapic = {
			.type = ACPI_MADT_IOAPIC,
			.length = sizeof(ioapic),
			.ioapic_id = (uint8_t)pc->ioapics[i].id,
			.ioapic_address = (uint32_t)pc->ioapics[i].paddr,
			.gsi_base = pc->ioapics[i].gsi_base,
		};
		acpi_append(acpi, &ioapic, sizeof(ioapic));
	}
}

/* An edge that is active high is what an ISA interrupt is anyway: say 0. */
static uint16_t override_flags(const struct machine_override *override)
{
	if (override->is_level)
		return ACPI_INTI_LEVEL |
		       (override->is_active_low ? ACPI_INTI_ACTIVE_LOW
		                                : ACPI_INTI_ACTIVE_HIGH);
	return override->is_active_low ? ACPI_INTI_EDGE | ACPI_INTI_ACTIVE_LOW
	                               : 0;
}

static void append_overrides(struct acpi *acpi, const struct machine_pc *pc)
{
	for (uint32_t i = 0; i < pc->override_count; i++) {
		const struct acpi_madt_override override = {
			.type = ACPI_MADT_OVERRIDE,
			.length = sizeof(override),
			.source = pc->overrides[i].isa_irq,
			.gsi = pc->overrides[i].gsi,
			.flags = override_flags(&pc->overrides[i]),
		};
		acpi_append(acpi, &override, sizeof(override));
	}
}

static void append_nmis(struct acpi *acpi, bool has_x2apic_entries)
{
	const struct acpi_madt_lapic_nmi nmi = {
		.type = ACPI_MADT_LAPIC_NMI,
		.length = sizeof(nmi),
		.processor_uid = ACPI_MADT_ALL_LAPIC,
		.lint = NMI_LINT,
	};
	const struct acpi_madt_x2apic_nmi x2apic_nmi = {
		.type = ACPI_MADT_X2APIC_NMI,
		.length = sizeof(x2apic_nmi),
		.processor_uid = ACPI_MADT_ALL_X2APIC,
		.lint = NMI_LINT,
	};

	acpi_append(acpi, &nmi, sizeof(nmi));
	if (has_x2apic_entries)
		acpi_append(acpi, &x2apic_nmi, sizeof(x2apic_nmi));
}

void acpi_x86_add_madt(struct acpi *acpi, const struct machine *machine)
{
	const struct machine_pc *pc = &machine->pc;
	struct acpi_madt *madt =
		acpi_begin(acpi, "APIC", ACPI_MADT_REVISION, sizeof(*madt));
	uint32_t lapic_count;

	madt->lapic_address = (uint32_t)pc->lapic_paddr;
	if (pc->has_pic)
		madt->flags = ACPI_MADT_PCAT_COMPAT;
	lapic_count = append_lapics(acpi, machine);
	append_x2apics(acpi, machine, lapic_count);
	append_ioapics(acpi, pc);
	append_overrides(acpi, pc);
	append_nmis(acpi, lapic_count != machine->cpu_count);
	acpi_end_listed(acpi);
}

static void append_srat_cpus(struct acpi *acpi, const struct machine *machine)
{
	for (uint32_t i = 0; i < machine->cpu_count; i++) {
		const struct machine_cpu *cpu = &machine->cpus[i];
		const struct acpi_srat_lapic lapic = {
			.type = ACPI_SRAT_LAPIC,
			.length = sizeof(lapic),
			.proximity_domain_low = (uint8_t)cpu->node,
			.apic_id = (uint8_t)cpu->id,
			.flags = ACPI_SRAT_ENABLED,
		};
		const struct acpi_srat_x2apic x2apic = {
			.type = ACPI_SRAT_X2APIC,
			.length = sizeof(x2apic),
			.proximity_domain = cpu->node,
			.x2apic_id = (uint32_t)cpu->id,
			.flags = ACPI_SRAT_ENABLED,
		};

		if (needs_x2apic_entry(cpu, i))
			acpi_append(acpi, &x2apic, sizeof(x2apic));
		else
			acpi_append(acpi, &lapic, sizeof(lapic));
	}
}

void acpi_x86_add_srat(struct acpi *acpi, const struct machine *machine)
{
	struct acpi_srat *srat;

	if (machine->node_count == 0)
		return;
	srat = acpi_begin(acpi, "SRAT", ACPI_SRAT_REVISION, sizeof(*srat));
	srat->reserved1 = 1;
	append_srat_cpus(acpi, machine);
	acpi_append_srat_memory(acpi, machine);
	acpi_end_listed(acpi);
}
