/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/x86_64/probe/cpus.h - how many processors there are, and their IDs */
#ifndef ARCH_X86_64_PROBE_CPUS_H
#define ARCH_X86_64_PROBE_CPUS_H

#include "common/machine/machine.h"

/* By fw_cfg and CPUID, else the VMM's MADT or MP table, else by asking. */
void cpus_probe(struct machine *machine);

#endif
