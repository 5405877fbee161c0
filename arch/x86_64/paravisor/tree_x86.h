/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/x86_64/paravisor/tree_x86.h - the device tree of a paravisor's kernel */
#ifndef ARCH_X86_64_PARAVISOR_TREE_X86_H
#define ARCH_X86_64_PARAVISOR_TREE_X86_H

#include "common/paravisor/tree.h"

/* Returns a size in bytes that is enough for the tree, if it may be so large.
 */
uint32_t tree_x86_size(const struct machine *machine);

/*
 * Writes the tree to `fdt`. What it takes of the CPUs is their order: Linux
 * numbers them as they come, so those that it starts come first.
 */
void tree_x86_build(const struct machine *machine, const struct tree_pool *pool,
                    void *fdt, uint32_t size);

#endif
