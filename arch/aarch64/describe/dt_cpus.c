/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/aarch64/describe/dt_cpus.c - writes CPUs and how they are grouped
 *
 * The bindings are arm/cpus.yaml and, for cpu-map, cpu/cpu-topology.txt.
 */
#include "arch/aarch64/describe/dt_parts.h"

static void add_cpu(void *fdt, const struct machine *machine, uint32_t index,
                    uint32_t cells)
{
	const struct machine_cpu *cpu = &machine->cpus[index];

	dt_write_begin_at(fdt, "cpu", cpu->id);
	dt_write_string(fdt, "device_type", "cpu");
	dt_write_string(fdt, "compatible", "arm,armv8");
	if (machine->arm.has_psci)
		dt_write_string(fdt, "enable-method", "psci");
	if (cells == 2)
		dt_write_u64(fdt, "reg", cpu->id);
	else
		dt_write_u32(fdt, "reg", (uint32_t)cpu->id);
	if (machine->node_count)
		dt_write_u32(fdt, "numa-node-id", cpu->node);
	if (machine->has_cpu_places)
		dt_write_u32(fdt, "phandle", DT_PHANDLE_CPU + index);
	dt_write_end(fdt);
}

/*
 * These numbers make the names of groups. Each counts from 0 within its parent,
 * as the binding demands.
 */
struct group {
	uint32_t package;
	uint32_t cluster;
	uint32_t core;
	uint32_t thread;
};

/* The leaf is a thread, or the core itself if the core has only one thread. */
static void add_leaf(void *fdt, const struct group *group, bool is_thread,
                     uint32_t index)
{
	if (is_thread)
		dt_write_begin_number(fdt, "thread", group->thread);
	else
		dt_write_begin_number(fdt, "core", group->core);
	dt_write_u32(fdt, "cpu", DT_PHANDLE_CPU + index);
	dt_write_end(fdt);
}

static void add_cpu_map(void *fdt, const struct machine *machine)
{
	struct group group = { 0 };

	dt_write_begin(fdt, "cpu-map");
	for (uint32_t i = 0; i < machine->cpu_count; i++) {
		const struct machine_cpu *cpu = &machine->cpus[i];
		uint32_t last = i ? cpu->place ^ cpu[-1].place : UINT32_MAX;
		uint32_t next = i + 1 < machine->cpu_count
		                        ? cpu->place ^ cpu[1].place
		                        : UINT32_MAX;
		bool is_thread = !last || !next;

		if (last >> MACHINE_PLACE_PACKAGE)
			dt_write_begin_number(fdt, "socket", group.package++);
		if (last >> MACHINE_PLACE_CLUSTER)
			dt_write_begin_number(fdt, "cluster", group.cluster++);
		if (last && is_thread)
			dt_write_begin_number(fdt, "core", group.core);
		add_leaf(fdt, &group, is_thread, i);
		group.thread++;
		if (!next)
			continue;
		group.thread = 0;
		group.core++;
		if (is_thread)
			dt_write_end(fdt);
		if (next >> MACHINE_PLACE_CLUSTER) {
			dt_write_end(fdt);
			group.core = 0;
		}
		if (next >> MACHINE_PLACE_PACKAGE) {
			dt_write_end(fdt);
			group.cluster = 0;
		}
	}
	dt_write_end(fdt);
}

void dt_write_cpus(void *fdt, const struct machine *machine)
{
	uint32_t cells = 1;

	for (uint32_t i = 0; i < machine->cpu_count; i++) {
		if (machine->cpus[i].id > UINT32_MAX)
			cells = 2;
	}
	dt_write_begin(fdt, "cpus");
	dt_write_u32(fdt, "#address-cells", cells);
	dt_write_u32(fdt, "#size-cells", 0);
	for (uint32_t i = 0; i < machine->cpu_count; i++)
		add_cpu(fdt, machine, i, cells);
	if (machine->has_cpu_places)
		add_cpu_map(fdt, machine);
	dt_write_end(fdt);
}
