/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/describe/acpi_madt.c - MADT and SRAT: CPUs, interrupts, who is
 * near whom
 *
 * ACPI 6.4 sections 5.2.12 and 5.2.16. The UID of a CPU is its index, here and
 * in the DSDT.
 */
#include "arch/x86_64/describe/acpi_x86.h"

/* LINT1 of every local APIC gets the NMI, as the MP specification wires it. */
#define NMI_LINT 1

/*
 * The entries of CPUs, of which there may be a thousand, are put together as
 * words; this is where their fields are.
 */
#define WORD_LENGTH_SHIFT 8
#define WORD_HIGH_SHIFT   32 /* bytes 4 to 7 */
#define LAPIC_UID_SHIFT   16
#define LAPIC_ID_SHIFT    24
#define SRAT_NODE_SHIFT   16

/* Do ID and UID need more than the byte that the classic entries have? */
static bool is_large(const struct machine_cpu *cpu, uint32_t uid)
{
	return cpu->id > ACPI_MADT_LAPIC_MAX || uid > ACPI_MADT_LAPIC_MAX;
}

/* Local APICs as far as they go. Returns the first UID that is too large. */
static uint32_t append_lapics(struct acpi *acpi, const struct machine *machine)
{
	uint64_t entry = ACPI_MADT_LAPIC |
	                 sizeof(struct acpi_madt_lapic) << WORD_LENGTH_SHIFT |
	                 (uint64_t)ACPI_MADT_CPU_ENABLED << WORD_HIGH_SHIFT;
	uint32_t count = machine->cpu_count;
	const struct machine_cpu *cpu = machine->cpus;
	struct acpi_qword *word =
		acpi_reserve(acpi, count * (uint32_t)sizeof(*word));
	uint32_t uid;

	for (uid = 0; uid < count && !is_large(cpu, uid); uid++, cpu++) {
		word->value = entry | cpu->id << LAPIC_ID_SHIFT;
		word++;
		entry += 1 << LAPIC_UID_SHIFT;
	}
	acpi_release(acpi, word);
	return uid;
}

static void append_x2apics(struct acpi *acpi, const struct machine *machine,
                           uint32_t first_uid)
{
	const uint64_t entry =
		ACPI_MADT_X2APIC | sizeof(struct acpi_madt_x2apic)
					   << WORD_LENGTH_SHIFT;
	uint32_t count = machine->cpu_count - first_uid;
	const struct machine_cpu *cpu = machine->cpus + first_uid;
	struct acpi_qword *word = acpi_reserve(
		acpi, count * (uint32_t)sizeof(struct acpi_madt_x2apic));
	uint64_t tail = ACPI_MADT_CPU_ENABLED | (uint64_t)first_uid
	                                                << WORD_HIGH_SHIFT;

	for (; count != 0; count--, cpu++) {
		word[0].value = entry | cpu->id << WORD_HIGH_SHIFT;
		word[1].value = tail;
		word += 2;
		tail += 1ull << WORD_HIGH_SHIFT;
	}
}

static void append_ioapics(struct acpi *acpi, const struct machine_pc *pc)
{
	for (uint32_t i = 0; i < pc->ioapic_count; i++) {
		const struct machine_ioapic *ioapic = &pc->ioapics[i];
		struct acpi_madt_ioapic *entry =
			acpi_take(acpi, sizeof(*entry));

		entry->type = ACPI_MADT_IOAPIC;
		entry->length = sizeof(*entry);
		entry->ioapic_id = (uint8_t)ioapic->id;
		entry->reserved = 0;
		entry->ioapic_address = (uint32_t)ioapic->paddr;
		entry->gsi_base = ioapic->gsi_base;
	}
}

/* An edge that is active high is what an ISA interrupt is anyway: say 0. */
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
			acpi_take(acpi, sizeof(*entry));

		entry->type = ACPI_MADT_OVERRIDE;
		entry->length = sizeof(*entry);
		entry->bus = 0;
		entry->source = override->isa_irq;
		entry->gsi = override->gsi;
		entry->flags = override_flags(override);
	}
}

static void append_nmis(struct acpi *acpi, bool has_x2apic)
{
	struct acpi_madt_lapic_nmi *lapic = acpi_take(acpi, sizeof(*lapic));
	struct acpi_madt_x2apic_nmi *x2apic;

	lapic->type = ACPI_MADT_LAPIC_NMI;
	lapic->length = sizeof(*lapic);
	lapic->processor_uid = ACPI_MADT_ALL_LAPIC;
	lapic->flags = 0;
	lapic->lint = NMI_LINT;
	if (!has_x2apic)
		return;
	x2apic = acpi_take(acpi, sizeof(*x2apic));
	x2apic->type = ACPI_MADT_X2APIC_NMI;
	x2apic->length = sizeof(*x2apic);
	x2apic->flags = 0;
	x2apic->processor_uid = ACPI_MADT_ALL_X2APIC;
	x2apic->lint_and_reserved = NMI_LINT;
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

/* Nodes are fewer than 256: of the classic entry all other bytes are 0. */
static_assert(MACHINE_NODE_MAX <= 256, "struct acpi_srat_lapic");

static void append_affinities(struct acpi *acpi, const struct machine *machine)
{
	const uint64_t lapic_word =
		ACPI_SRAT_LAPIC |
		sizeof(struct acpi_srat_lapic) << WORD_LENGTH_SHIFT |
		(uint64_t)ACPI_SRAT_ENABLED << WORD_HIGH_SHIFT;
	const uint64_t x2apic_word =
		ACPI_SRAT_X2APIC | sizeof(struct acpi_srat_x2apic)
					   << WORD_LENGTH_SHIFT;
	const struct machine_cpu *cpu = machine->cpus;
	struct acpi_qword *word = acpi_reserve(
		acpi,
		machine->cpu_count * (uint32_t)sizeof(struct acpi_srat_x2apic));

	for (uint32_t uid = 0; uid < machine->cpu_count; uid++, cpu++) {
		if (is_large(cpu, uid)) {
			word[0].value = x2apic_word |
			                (uint64_t)cpu->node << WORD_HIGH_SHIFT;
			word[1].value = cpu->id | (uint64_t)ACPI_SRAT_ENABLED
			                                  << WORD_HIGH_SHIFT;
			word[2].value = 0;
			word += 3;
		} else {
			word[0].value = lapic_word |
			                cpu->node << SRAT_NODE_SHIFT |
			                cpu->id << LAPIC_ID_SHIFT;
			word[1].value = 0;
			word += 2;
		}
	}
	acpi_release(acpi, word);
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
