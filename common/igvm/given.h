/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/igvm/given.h - RAM, CPUs and words that the host of an IGVM file told
 *
 * None of it is measured, so none of it is believed. A host may leave an area
 * as it was, full of zeros. The page of parameters is proven already, and the
 * areas are mapped.
 */
#ifndef COMMON_IGVM_GIVEN_H
#define COMMON_IGVM_GIVEN_H

#include "common/machine/handoff.h"
#include "common/machine/machine.h"

/*
 * Adds the ranges of the host's memory map. Returns false if the file asks for
 * none. Panics if there is no range, or if they are not sorted and apart.
 */
bool igvm_read_memory_map(struct machine *machine,
                          const struct handoff *handoff);

/* Returns how many CPUs there are, or 0 if the host does not tell. */
uint32_t igvm_read_cpu_count(const struct handoff *handoff);

/* Returns the host's command line, or NULL. Panics if it does not end. */
const char *igvm_read_cmdline(const struct handoff *handoff);

#endif
