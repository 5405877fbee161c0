/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/x86_64/probe/mptable.h - the machine by the VMM's MP table */
#ifndef ARCH_X86_64_PROBE_MPTABLE_H
#define ARCH_X86_64_PROBE_MPTABLE_H

#include "common/machine/machine.h"

struct mp_table;

/* Takes over what the table lists; it is whole. */
void mptable_read(struct machine *machine, const struct mp_table *table);

/* Looks for one below 1 MiB. False: there is none, or it tells of no CPUs. */
bool mptable_probe(struct machine *machine);

#endif
