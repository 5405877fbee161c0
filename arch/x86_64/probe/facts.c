/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/probe/facts.c - adds what MADT and MP table both list
 *
 * Nothing here touches hardware. Such a list is not to be trusted.
 */
#include "arch/x86_64/probe/facts.h"
#include "common/lib/console.h"

/* The list is in ascending order, and has each CPU once. */
struct machine_cpu *facts_add_cpu(struct machine *machine, uint32_t apic_id)
{
	struct machine_cpu *cpus = machine->cpus;
	uint32_t place = machine->cpu_count;

	while (place && cpus[place - 1].id >= apic_id)
		place--;
	if (place < machine->cpu_count && cpus[place].id == apic_id)
		return &cpus[place];
	if (machine->cpu_count == MACHINE_CPU_MAX)
		panic("CPUs: more than %u", MACHINE_CPU_MAX);
	for (uint32_t i = machine->cpu_count++; i > place; i--)
		cpus[i] = cpus[i - 1];
	cpus[place] = (struct machine_cpu){ .id = apic_id };
	return &cpus[place];
}

void facts_add_ioapic(struct machine_pc *pc, uint32_t id, uint32_t gsi_base,
                      uint32_t paddr)
{
	if (pc->ioapic_count == MACHINE_IOAPIC_MAX)
		panic("I/O APICs: more than %u", MACHINE_IOAPIC_MAX);
	pc->ioapics[pc->ioapic_count++] = (struct machine_ioapic){
		.id = id,
		.gsi_base = gsi_base,
		.paddr = paddr,
	};
}

/*
 * What is like ISA's default needs no entry; Firecracker lists all pins of its
 * I/O APIC.
 */
void facts_set_override(struct machine_pc *pc,
                        const struct machine_override *from)
{
	uint32_t place = 0;

	while (place < pc->override_count &&
	       pc->overrides[place].isa_irq != from->isa_irq)
		place++;
	if (place == pc->override_count && from->gsi == from->isa_irq &&
	    !from->is_level && !from->is_active_low)
		return;
	if (place == MACHINE_OVERRIDE_MAX)
		panic("overrides: more than %u", MACHINE_OVERRIDE_MAX);
	pc->overrides[place] = *from;
	if (place == pc->override_count)
		pc->override_count++;
}
