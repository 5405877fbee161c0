/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/machine/dt_facts.h - facts that a tree tells on every architecture
 *
 * Devicetree Specification 0.4, sections 3.4 and 3.8; Linux
 * Documentation/devicetree/bindings/numa.txt. A host that starts IGVM files
 * also tells what a range of memory is for (Microsoft's IGVM specification,
 * "Device tree").
 */
#ifndef COMMON_MACHINE_DT_FACTS_H
#define COMMON_MACHINE_DT_FACTS_H

#include "common/machine/dt.h"

/*
 * Returns the NUMA node that the node of the tree says that it belongs to, and
 * counts it. A node that says nothing belongs to NUMA node 0.
 */
uint32_t dt_read_numa_node(const struct dt *dt, struct machine *machine);

/* Returns what the node's status says: whether the device may be used. */
bool dt_is_enabled(const struct dt *dt);

/* Returns the node's CPU: its number in /cpus, and its NUMA node. */
struct machine_cpu dt_read_cpu(const struct dt *dt, struct machine *machine);

/*
 * Tells whether a memory node is RAM, be it the paravisor's own or anybody's.
 */
bool dt_is_ram(const struct dt *dt);

/*
 * Adds a range of a memory node to machine->ram, which stays sorted. What is no
 * RAM is reserved.
 */
void dt_add_memory(const struct dt *dt, struct machine *machine,
                   const struct machine_range *range);

/* Proves that no two ranges of machine->ram, sorted as above, overlap. */
void dt_check_memory(const struct machine *machine);

#endif
