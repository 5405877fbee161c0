/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/x86_64/probe/facts.h - adds what MADT and MP table both list */
#ifndef ARCH_X86_64_PROBE_FACTS_H
#define ARCH_X86_64_PROBE_FACTS_H

#include "common/machine/machine.h"

/*
 * Adds a CPU, and returns it. The list is kept in ascending order, with each
 * CPU once.
 */
struct machine_cpu *facts_add_cpu(struct machine *machine, uint32_t apic_id);

void facts_add_ioapic(struct machine_pc *pc, uint32_t id, uint32_t gsi_base,
                      uint32_t paddr);

/* Sets an override, in the place of what was known of its interrupt. */
void facts_set_override(struct machine_pc *pc,
                        const struct machine_override *from);

#endif
