/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/igvm/host_node.c - VMBus and /openhcl of a host's tree, see image.h
 *
 * OpenHCL's host_fdt_parser reads the same nodes.
 */
#include "common/image.h"
#include "common/lib/console.h"
#include "common/lib/string.h"
#include "common/machine/dt.h"

#define DEPTH_ROOT    1
#define DEPTH_TOP     2

#define CELL_SIZE     4
#define RANGE_CELLS   6 /* child address, parent address, size */
#define VTL_GUEST     0
#define VTL_PARAVISOR 2
#define ENTROPY_MAX   256

static void swap_ranges(struct machine_range *a, struct machine_range *b)
{
	struct machine_range kept = *a;

	*a = *b;
	*b = kept;
}

/* OpenVMM writes an empty range where there is no memory of that kind. */
static void read_ranges(const struct dt *dt, struct host_vmbus *vmbus)
{
	const struct dt_level *level = &dt->levels[dt->depth];
	const struct dt_value value = dt_get(dt, DT_RANGES);
	uint32_t count = value.size / (RANGE_CELLS * CELL_SIZE);

	if (!value.size)
		return;
	if (level->address_cells != 2 || level->size_cells != 2 ||
	    level[-1].address_cells != 2 || count > HOST_VMBUS_RANGE_MAX ||
	    value.size % (RANGE_CELLS * CELL_SIZE) != 0)
		dt_refuse(dt, DT_RANGES, "must be one or two, of six cells");
	for (uint32_t i = 0; i < count; i++) {
		uint32_t cell = i * RANGE_CELLS;
		struct machine_range *range =
			&vmbus->ranges[vmbus->range_count];

		range->base = dt_cells(&value, cell + 2, 2);
		range->size = dt_cells(&value, cell + 4, 2);
		if (range->base != dt_cells(&value, cell, 2))
			dt_refuse(dt, DT_RANGES, "must be 1:1");
		if (!is_within(range->base, range->size, MACHINE_ADDRESS_END))
			dt_refuse(dt, DT_RANGES, "beyond the address space");
		if (range->size)
			vmbus->range_count++;
	}
	if (vmbus->range_count == 2 &&
	    vmbus->ranges[0].base > vmbus->ranges[1].base)
		swap_ranges(&vmbus->ranges[0], &vmbus->ranges[1]);
}

/* Only hosts of IGVM files say whose bus it is. */
static void read_vmbus(struct machine *machine, const struct dt *dt)
{
	struct machine_host *host = &machine->host;
	uint32_t vtl = dt_get_u32(dt, DT_VTL, VTL_GUEST);
	struct host_vmbus *vmbus = vtl == VTL_PARAVISOR ? &host->paravisor_vmbus
	                                                : &host->guest_vmbus;

	if (vtl != VTL_GUEST && vtl != VTL_PARAVISOR)
		dt_refuse(dt, DT_VTL, "must be 0 or 2");
	if (vmbus->is_present)
		dt_refuse(dt, DT_VTL, "has another node");
	vmbus->is_present = true;
	vmbus->connection_id = dt_get_u32(dt, DT_CONNECTION_ID, 0);
	read_ranges(dt, vmbus);
}

/* If the node says nothing of memory, it is the host that divides it. */
static void read_openhcl(struct machine *machine, const struct dt *dt)
{
	struct machine_host *host = &machine->host;
	const struct dt_value mode = dt_get(dt, DT_ALLOCATION_MODE);

	host->lets_choose_memory = dt_has_string(&mode, "vtl2");
	if (dt_has(dt, DT_ALLOCATION_MODE) && !host->lets_choose_memory &&
	    !dt_has_string(&mode, "host"))
		dt_refuse(dt, DT_ALLOCATION_MODE, "must be host or vtl2");
	if (host->lets_choose_memory)
		host->memory_size = dt_get_u64(dt, DT_MEMORY_SIZE, 0);
}

static void read_entropy(struct machine *machine, const struct dt *dt)
{
	const struct dt_value bytes = dt_get(dt, DT_REG);

	machine->host.entropy = bytes.data;
	machine->host.entropy_size = (uint32_t)min_u64(bytes.size, ENTROPY_MAX);
}

bool igvm_take_node(struct machine *machine, const struct dt *dt)
{
	const struct dt_value compatible = dt_get(dt, DT_COMPATIBLE);
	const struct dt_value model = dt_get(dt, DT_MODEL);
	const char *top =
		dt->depth > DEPTH_ROOT ? dt->levels[DEPTH_TOP].name : "";

	if (dt->depth == DEPTH_ROOT)
		machine->host.is_hyperv =
			dt_has_string(&model, "microsoft,hyperv");
	else if (dt_has(dt, DT_VTL) &&
	         dt_has_string(&compatible, "microsoft,vmbus"))
		read_vmbus(machine, dt);
	else if (strcmp(top, "openhcl") != 0)
		return false;
	else if (dt->depth == DEPTH_TOP)
		read_openhcl(machine, dt);
	else if (dt->depth == DEPTH_TOP + 1 && !strcmp(dt_name(dt), "entropy"))
		read_entropy(machine, dt);
	return true;
}

static bool overlap(const struct machine_range *a, uint64_t base, uint64_t size)
{
	return a->base < base + size && base < a->base + a->size;
}

static void check_vmbus(const struct machine *machine,
                        const struct host_vmbus *vmbus)
{
	for (uint32_t i = 0; i < vmbus->range_count; i++) {
		const struct machine_range *range = &vmbus->ranges[i];

		for (uint32_t j = 0; j < machine->ram_count; j++) {
			const struct machine_ram *ram = &machine->ram[j];

			if (overlap(range, ram->base, ram->size))
				panic("fdt: VMBus: %#lx bytes at %#lx: in the "
				      "RAM at %#lx",
				      range->size, range->base, ram->base);
		}
	}
}

void igvm_check_nodes(const struct machine *machine)
{
	const struct host_vmbus *ours = &machine->host.paravisor_vmbus;
	const struct host_vmbus *others = &machine->host.guest_vmbus;

	check_vmbus(machine, ours);
	check_vmbus(machine, others);
	for (uint32_t i = 0; i < ours->range_count; i++) {
		const struct machine_range *range = &ours->ranges[i];

		for (uint32_t j = 0; j < others->range_count; j++) {
			if (overlap(range, others->ranges[j].base,
			            others->ranges[j].size))
				panic("fdt: VMBus: %#lx bytes at %#lx: are of "
				      "VTL 0, too",
				      range->size, range->base);
		}
	}
}
