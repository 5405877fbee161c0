/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/probe/cpus.h - how many processors there are, and their APIC IDs
 */
#ifndef ARCH_X86_64_PROBE_CPUS_H
#define ARCH_X86_64_PROBE_CPUS_H

#include "common/machine/machine.h"

/*
 * Finds the CPUs by fw_cfg and CPUID, else by the VMM's MADT or MP table, else
 * by asking the processors.
 */
void cpus_probe(struct machine *machine);

/* Finds the IDs of `count` CPUs by CPUID. The boot CPU has ID 0. */
void cpus_number(struct machine *machine, uint32_t count);

/*
 * Moves the boot processor to the head of the list, which is in ascending order
 * and may lack it.
 */
void cpus_put_boot_first(struct machine *machine);

#endif
