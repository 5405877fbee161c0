/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/igvm/host_tree.c - reads a host's device tree, see host_tree.h
 *
 * What is absent has its usual value: a node without a status may be used, a
 * CPU or RAM without numa-node-id belongs to NUMA node 0. Devices are found as
 * on any PC, and not by the tree.
 */
#include "arch/x86_64/igvm/host_tree.h"

#include "arch/x86_64/probe/facts.h"
#include "common/image.h"
#include "common/lib/console.h"
#include "common/lib/string.h"
#include "common/machine/dt_facts.h"

#define DEPTH_TOP 2

static void add_cpu(struct machine *machine, const struct dt *dt)
{
	const struct machine_cpu cpu = dt_read_cpu(dt, machine);
	uint32_t count = machine->cpu_count;

	if (cpu.id > UINT32_MAX)
		dt_refuse(dt, DT_REG, "is no APIC ID");
	facts_add_cpu(machine, (uint32_t)cpu.id)->node = cpu.node;
	if (machine->cpu_count == count)
		dt_refuse(dt, DT_REG, "is another CPU's");
}

/* No bus is on the way to a node at the top. */
static void add_memory(struct machine *machine, const struct dt *dt)
{
	struct machine_range range;

	for (uint32_t i = 0; dt_get_bus_reg(dt, i, &range); i++) {
		if (!is_within(range.base, range.size, MACHINE_ADDRESS_END))
			dt_refuse(dt, DT_REG, "beyond the address space");
		dt_add_memory(dt, machine, &range);
	}
}

static void read_node(struct machine *machine, const struct dt *dt)
{
	const struct dt_value type = dt_get(dt, DT_DEVICE_TYPE);
	const struct dt_value bootargs = dt_get(dt, DT_BOOTARGS);

	if (!dt_is_enabled(dt) || igvm_take_node(machine, dt))
		return;
	if (dt_has_string(&type, "cpu"))
		add_cpu(machine, dt);
	else if (dt->depth != DEPTH_TOP)
		return;
	else if (dt_has_string(&type, "memory"))
		add_memory(machine, dt);
	else if (!strcmp(dt_name(dt), "chosen"))
		machine->given.cmdline = dt_first_string(&bootargs);
}

void host_tree_read(struct machine *machine, const void *base,
                    uint64_t available)
{
	struct dt dt;

	dt_open(&dt, base, available);
	while (dt_next(&dt))
		read_node(machine, &dt);
	if (!machine->ram_count)
		panic("fdt: memory: no RAM at all");
	dt_check_memory(machine);
	igvm_check_nodes(machine);
}
