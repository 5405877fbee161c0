/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/aarch64/describe/fdt_cpus.c - CPUs, and how they are grouped
 *
 * bindings/arm/cpus.yaml; bindings/cpu/cpu-topology.txt for cpu-map.
 */
#include "arch/aarch64/describe/fdt_full.h"

#include "common/machine/fdt_format.h"

/* What is another for each CPU comes last, for repeat_cpu(). */
static void add_cpu(struct fdt_out *out, const struct machine *machine,
                    uint32_t index, uint32_t cells)
{
	const struct machine_cpu *cpu = &machine->cpus[index];

	fdt_out_begin_at(out, "cpu", cpu->id);
	fdt_out_string(out, FDT_DEVICE_TYPE, "cpu");
	fdt_out_string(out, FDT_COMPATIBLE, "arm,armv8");
	if (machine->arm.has_psci)
		fdt_out_string(out, FDT_ENABLE_METHOD, "psci");
	if (cells == 2)
		fdt_out_u64(out, FDT_REG, cpu->id);
	else
		fdt_out_u32(out, FDT_REG, (uint32_t)cpu->id);
	if (machine->node_count)
		fdt_out_u32(out, FDT_NUMA_NODE_ID, cpu->node);
	if (machine->has_cpu_places)
		fdt_out_u32(out, FDT_PHANDLE, FDT_PHANDLE_CPU + index);
	fdt_out_end(out);
}

/* The node of the CPU before, of `size` bytes, with this one's numbers. */
static void repeat_cpu(struct fdt_out *out, const struct machine *machine,
                       uint32_t index, uint32_t cells, uint32_t size)
{
	const struct machine_cpu *cpu = &machine->cpus[index];
	struct fdt_cell *cell =
		fdt_out_repeat(out, size, sizeof("cpu") - 1, cpu->id) - 1;

	if (machine->has_cpu_places) {
		fdt_put_u32(cell - 1, FDT_PHANDLE_CPU + index);
		cell -= FDT_PROPERTY_HEADER_SIZE / FDT_CELL_SIZE + 1;
	}
	if (machine->node_count) {
		fdt_put_u32(cell - 1, cpu->node);
		cell -= FDT_PROPERTY_HEADER_SIZE / FDT_CELL_SIZE + 1;
	}
	if (cells == 2)
		fdt_put_u64(cell - 2, cpu->id);
	else
		fdt_put_u32(cell - 1, (uint32_t)cpu->id);
}

static void add_cpus(struct fdt_out *out, const struct machine *machine,
                     uint32_t cells)
{
	uint32_t size = 0, digits_before = 0;

	for (uint32_t i = 0; i < machine->cpu_count; i++) {
		const uint8_t *begin = out->next;
		uint32_t digits = fdt_out_digits(machine->cpus[i].id);

		if (digits == digits_before) {
			repeat_cpu(out, machine, i, cells, size);
			continue;
		}
		add_cpu(out, machine, i, cells);
		size = (uint32_t)(out->next - begin);
		digits_before = digits;
	}
}

/* Names count from 0 within what they are in, as the binding wants it. */
struct group {
	uint32_t package;
	uint32_t cluster;
	uint32_t core;
	uint32_t thread;
};

/* A core of one thread is a leaf itself. */
static void add_leaf(struct fdt_out *out, const struct group *group,
                     bool is_thread, uint32_t index)
{
	if (is_thread)
		fdt_out_begin_number(out, "thread", group->thread);
	else
		fdt_out_begin_number(out, "core", group->core);
	fdt_out_u32(out, FDT_CPU, FDT_PHANDLE_CPU + index);
	fdt_out_end(out);
}

static void add_cpu_map(struct fdt_out *out, const struct machine *machine)
{
	struct group group = { 0 };

	fdt_out_begin(out, "cpu-map");
	for (uint32_t i = 0; i < machine->cpu_count; i++) {
		const struct machine_cpu *cpu = &machine->cpus[i];
		uint32_t last = i ? cpu->place ^ cpu[-1].place : UINT32_MAX;
		uint32_t next = i + 1 < machine->cpu_count
		                        ? cpu->place ^ cpu[1].place
		                        : UINT32_MAX;
		bool is_thread = !last || !next;

		if (last >> MACHINE_PLACE_PACKAGE)
			fdt_out_begin_number(out, "socket", group.package++);
		if (last >> MACHINE_PLACE_CLUSTER)
			fdt_out_begin_number(out, "cluster", group.cluster++);
		if (last && is_thread)
			fdt_out_begin_number(out, "core", group.core);
		add_leaf(out, &group, is_thread, i);
		group.thread++;
		if (!next)
			continue;
		group.thread = 0;
		group.core++;
		if (is_thread)
			fdt_out_end(out);
		if (next >> MACHINE_PLACE_CLUSTER) {
			fdt_out_end(out);
			group.core = 0;
		}
		if (next >> MACHINE_PLACE_PACKAGE) {
			fdt_out_end(out);
			group.cluster = 0;
		}
	}
	fdt_out_end(out);
}

void fdt_full_cpus(struct fdt_out *out, const struct machine *machine)
{
	uint32_t cells = 1;

	for (uint32_t i = 0; i < machine->cpu_count; i++) {
		if (machine->cpus[i].id > UINT32_MAX)
			cells = 2;
	}
	fdt_out_begin(out, "cpus");
	fdt_out_u32(out, FDT_ADDRESS_CELLS, cells);
	fdt_out_u32(out, FDT_SIZE_CELLS, 0);
	add_cpus(out, machine, cells);
	if (machine->has_cpu_places)
		add_cpu_map(out, machine);
	fdt_out_end(out);
}
