/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/probe/mptable.h - the machine by the VMM's MP table
 *
 * Intel MultiProcessor Specification 1.4, chapter 4.
 */
#ifndef ARCH_X86_64_PROBE_MPTABLE_H
#define ARCH_X86_64_PROBE_MPTABLE_H

#include "common/machine/machine.h"

struct mp_table;

/*
 * Adds what the table lists to the machine. The table's length and sum are
 * right.
 */
void mptable_read(struct machine *machine, const struct mp_table *table);

/*
 * Looks for a table below 1 MiB. Returns false if there is none, or if it lists
 * no CPUs.
 */
bool mptable_probe(struct machine *machine);

#endif
