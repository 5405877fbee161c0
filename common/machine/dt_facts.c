/* SPDX-License-Identifier: BSD-2-Clause */
/* common/machine/dt_facts.c - CPUs and RAM of a tree, see dt_facts.h */
#include "common/machine/dt_facts.h"

#include "common/lib/console.h"
#include "common/lib/string.h"
#include "common/spec/igvm_params.h"

#define CELL_SIZE 4

/* Every VMM counts nodes from 0, so a great number means a damaged tree. */
uint32_t dt_read_numa_node(const struct dt *dt, struct machine *machine)
{
	uint32_t node = dt_get_u32(dt, DT_NUMA_NODE_ID, 0);

	if (!dt_has(dt, DT_NUMA_NODE_ID))
		return 0;
	if (node >= MACHINE_NODE_MAX)
		dt_refuse(dt, DT_NUMA_NODE_ID, "too great a number");
	machine->node_count = max_u64(machine->node_count, node + 1);
	return node;
}

bool dt_is_enabled(const struct dt *dt)
{
	const struct dt_value *status = &dt->values[DT_STATUS];

	return !dt_has(dt, DT_STATUS) || dt_has_string(status, "okay") ||
	       dt_has_string(status, "ok");
}

struct machine_cpu dt_read_cpu(const struct dt *dt, struct machine *machine)
{
	uint32_t cells = dt->levels[dt->depth - 1].address_cells;
	const struct dt_value reg = dt_get(dt, DT_REG);

	if (cells < 1 || cells > 2 || reg.size != cells * CELL_SIZE)
		dt_refuse(dt, DT_REG, "must be one CPU's number");
	return (struct machine_cpu){
		.id = dt_cells(&reg, 0, cells),
		.node = dt_read_numa_node(dt, machine),
	};
}

static uint32_t read_igvm_type(const struct dt *dt)
{
	uint32_t type = dt_get_u32(dt, DT_IGVM_TYPE, IGVM_MEMORY_RAM);

	if (type > UINT16_MAX)
		dt_refuse(dt, DT_IGVM_TYPE, "too great a number");
	return type;
}

bool dt_is_ram(const struct dt *dt)
{
	uint32_t igvm_type = read_igvm_type(dt);

	return igvm_type == IGVM_MEMORY_RAM ||
	       igvm_type == IGVM_MEMORY_VTL2_PROTECTABLE;
}

void dt_add_memory(const struct dt *dt, struct machine *machine,
                   const struct machine_range *range)
{
	struct machine_ram added = {
		.base = range->base,
		.size = range->size,
		.type = dt_is_ram(dt) ? MEMORY_RAM : MEMORY_RESERVED,
		.node = (uint16_t)dt_read_numa_node(dt, machine),
		.igvm_type = (uint16_t)read_igvm_type(dt),
	};
	uint32_t i = machine->ram_count;

	if (!range->size)
		return;
	if (i == MACHINE_RAM_MAX)
		panic("fdt: RAM: more than %u ranges", MACHINE_RAM_MAX);
	for (; i && machine->ram[i - 1].base > range->base; i--)
		machine->ram[i] = machine->ram[i - 1];
	machine->ram[i] = added;
	machine->ram_count++;
}

void dt_check_memory(const struct machine *machine)
{
	for (uint32_t i = 1; i < machine->ram_count; i++) {
		const struct machine_ram *ram = &machine->ram[i];

		if (ram[-1].base + ram[-1].size > ram->base)
			panic_range("fdt: RAM", ram->size, ram->base,
			            "there is RAM from %#lx on", ram[-1].base);
	}
}
