/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/paravisor/split.h - what of a partition is its paravisor's
 *
 * A paravisor is a Linux that shares its partition with a guest, which its
 * programs run. It has some of the partition's RAM, and all its CPUs, of which
 * its kernel starts some; the others form a pool that its programs hand work
 * to. Nothing here touches hardware.
 */
#ifndef COMMON_PARAVISOR_SPLIT_H
#define COMMON_PARAVISOR_SPLIT_H

#include "common/machine/machine.h"

/* ---- split_memory.c */

/*
 * Makes RAM that is the guest's MEMORY_NONE, which the paravisor's kernel is
 * not told of. Candidates for the paravisor are what the host has typed as its
 * own, or all RAM if the host has typed none. It gets all of them if `size` is
 * 0. Otherwise each node gives an equal part of `size`, in multiples of 2 MiB
 * from the top of its candidates. What is below `hole` is the paravisor's, too,
 * and what is in it is no RAM, whatever the host says; its size may be 0.
 * Panics if there is too little.
 */
void split_memory(struct machine *machine, uint64_t size,
                  const struct machine_range *hole);

/* Gives the paravisor what of the range was the guest's RAM. */
void split_keep(struct machine *machine, const struct machine_range *range);

/* Tells whether the range is RAM of the partition, whoever has it. */
static inline bool split_is_partition_ram(const struct machine_ram *ram)
{
	return ram->type == MEMORY_RAM || ram->type == MEMORY_NONE;
}

/* ---- split_cpus.c */

/*
 * A run of CPUs of one node, [first, first + count) of machine.cpus. The kernel
 * starts the first of them; the others are the pool's.
 */
struct split_chunk {
	uint32_t first;
	uint32_t count;
	uint32_t node;
	uint32_t run_end; /* where the next node's CPUs begin */
	uint32_t max;     /* what a full chunk of this run has */
};

/*
 * Goes to the next chunk; `chunk` is all zero before the first. Each run of
 * CPUs of equal nodes is cut into as few chunks of at most `chunk_max` CPUs as
 * there can be, of equal size but for the last. `chunk_max` is at least 1.
 * Returns false if there is none left.
 */
bool split_next_chunk(const struct machine *machine, uint32_t chunk_max,
                      struct split_chunk *chunk);

/* Returns how many chunks there are. */
uint32_t split_chunk_count(const struct machine *machine, uint32_t chunk_max);

/*
 * Fills machine.cpu_order: the kernel's CPUs come first, which are
 * machine.kernel_cpu_count, then the pool's. Both stay as they are if there is
 * no pool: `chunk_max` is 0, or each chunk has only one CPU. Panics if there is
 * no room for so many.
 */
void split_order_cpus(struct machine *machine, uint32_t chunk_max);

#endif
