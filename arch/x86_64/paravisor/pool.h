/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/x86_64/paravisor/pool.h - CPUs that wait for commands */
#ifndef ARCH_X86_64_PARAVISOR_POOL_H
#define ARCH_X86_64_PARAVISOR_POOL_H

#include "common/memory/memory.h"
#include "common/paravisor/tree.h"

/*
 * Takes memory for the pool, starts its CPUs, and waits until all are
 * idle. Returns where it lies, or all zero if there is no pool.
 */
struct tree_pool pool_start(const struct machine *machine, uint32_t chunk_max,
                            struct memory *memory);

#endif
