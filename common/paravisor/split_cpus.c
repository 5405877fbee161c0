/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/paravisor/split_cpus.c - which CPUs the kernel starts; see split.h
 *
 * The chunks are those of OpenHCL's boot shim (openhcl_boot, sidecar.rs).
 */
#include "common/paravisor/split.h"

#include "common/lib/console.h"

static uint32_t divide_up(uint32_t number, uint32_t by)
{
	return (number + by - 1) / by;
}

bool split_next_chunk(const struct machine *machine, uint32_t chunk_max,
                      struct split_chunk *chunk)
{
	uint32_t first = chunk->first + chunk->count;
	uint32_t end = first;

	if (first == machine->cpu_count)
		return false;
	if (first == chunk->run_end) {
		chunk->node = machine->cpus[first].node;
		while (end < machine->cpu_count &&
		       machine->cpus[end].node == chunk->node)
			end++;
		chunk->run_end = end;
		chunk->max = divide_up(end - first,
		                       divide_up(end - first, chunk_max));
	}
	chunk->first = first;
	chunk->count = (uint32_t)min_u64(chunk->max, chunk->run_end - first);
	return true;
}

uint32_t split_chunk_count(const struct machine *machine, uint32_t chunk_max)
{
	struct split_chunk chunk = { 0 };
	uint32_t count = 0;

	while (split_next_chunk(machine, chunk_max, &chunk))
		count++;
	return count;
}

uint32_t split_pool_count(const struct machine *machine, uint32_t chunk_max)
{
	return chunk_max ? machine->cpu_count -
	                           split_chunk_count(machine, chunk_max)
	                 : 0;
}

void split_order_cpus(struct machine *machine, uint32_t chunk_max)
{
	uint32_t kernel_place = 0;
	uint32_t pool_place = split_chunk_count(machine, chunk_max);
	struct split_chunk chunk = { 0 };

	if (machine->cpu_count > ARRAY_COUNT(machine->cpu_order))
		panic("paravisor: pool: %u CPUs: at most %u",
		      machine->cpu_count,
		      (uint32_t)ARRAY_COUNT(machine->cpu_order));
	while (split_next_chunk(machine, chunk_max, &chunk)) {
		machine->cpu_order[kernel_place++] = (uint8_t)chunk.first;
		for (uint32_t i = 1; i < chunk.count; i++)
			machine->cpu_order[pool_place++] =
				(uint8_t)(chunk.first + i);
	}
	machine->has_cpu_order = true;
}
