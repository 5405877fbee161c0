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

/* Returns how many CPUs from `first` on are of its node. */
static uint32_t run_size(const struct machine *machine, uint32_t first)
{
	const struct machine_cpu *cpu = &machine->cpus[first];
	const struct machine_cpu *end = &machine->cpus[machine->cpu_count];
	uint32_t node = cpu->node;

	while (++cpu != end && cpu->node == node)
		;
	return (uint32_t)(cpu - machine->cpus) - first;
}

bool split_next_chunk(const struct machine *machine, uint32_t chunk_max,
                      struct split_chunk *chunk)
{
	uint32_t first = chunk->first + chunk->count, size;

	if (first == machine->cpu_count)
		return false;
	if (first == chunk->run_end) {
		size = run_size(machine, first);
		chunk->node = machine->cpus[first].node;
		chunk->run_end = first + size;
		chunk->max = divide_up(size, divide_up(size, chunk_max));
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

void split_order_cpus(struct machine *machine, uint32_t chunk_max)
{
	uint32_t chunk_count, kernel_place = 0, pool_place;
	struct split_chunk chunk = { 0 };

	if (!chunk_max)
		return;
	chunk_count = split_chunk_count(machine, chunk_max);
	if (chunk_count == machine->cpu_count)
		return;
	if (machine->cpu_count > ARRAY_COUNT(machine->cpu_order))
		panic("paravisor: pool: %u CPUs: at most %u",
		      machine->cpu_count,
		      (uint32_t)ARRAY_COUNT(machine->cpu_order));
	pool_place = chunk_count;
	while (split_next_chunk(machine, chunk_max, &chunk)) {
		machine->cpu_order[kernel_place++] = (uint8_t)chunk.first;
		for (uint32_t i = 1; i < chunk.count; i++)
			machine->cpu_order[pool_place++] =
				(uint8_t)(chunk.first + i);
	}
	machine->kernel_cpu_count = chunk_count;
}
