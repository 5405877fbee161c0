/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/paravisor/tree.h - what a paravisor's device tree has beside hardware
 *
 * OpenHCL's kernel and programs read these nodes (microsoft/openvmm,
 * openhcl_boot/src/dt.rs and bootloader_fdt_parser). They are the same on both
 * architectures, and are written into the root.
 */
#ifndef COMMON_PARAVISOR_TREE_H
#define COMMON_PARAVISOR_TREE_H

#include "common/machine/machine.h"

/*
 * The dispatch pool's pages. The shared ones, which the driver of the pool
 * reads and writes, come chunk after chunk: a control page, then two pages for
 * each CPU of the chunk.
 */
struct tree_pool {
	struct machine_range all; /* size 0: there is no pool */
	paddr_t shared;           /* the first of the shared pages */
	uint32_t chunk_max;       /* as for split_next_chunk() */
};

#define TREE_PAGE_SIZE      0x1000
#define TREE_POOL_CPU_PAGES 2

/* /memory@, one for each range of RAM that is the paravisor's. */
void tree_write_memory(void *fdt, const struct machine *machine);

/* /bus, with the VMBus that the paravisor has, and the pool's chunks. */
void tree_write_bus(void *fdt, const struct machine *machine,
                    const struct tree_pool *pool);

/*
 * /openhcl, with all RAM of the partition: each address of it in one node, and
 * who has it.
 */
void tree_write_openhcl(void *fdt, const struct machine *machine,
                        const struct tree_pool *pool);

#endif
