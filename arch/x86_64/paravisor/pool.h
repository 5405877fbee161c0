/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/x86_64/paravisor/pool.h - CPUs that wait for commands */
#ifndef ARCH_X86_64_PARAVISOR_POOL_H
#define ARCH_X86_64_PARAVISOR_POOL_H

#include "common/memory/memory.h"
#include "common/paravisor/tree.h"

/*
 * Takes memory for the pool, and starts its CPUs, which set it up. Returns
 * where it lies, or of size 0 if there is no pool.
 */
struct tree_pool pool_start(const struct machine *machine, uint32_t chunk_max,
                            struct memory *memory);

/* Waits until all of its CPUs are idle. */
void pool_await(const struct machine *machine, const struct tree_pool *pool);

#endif
