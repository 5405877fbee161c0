/* SPDX-License-Identifier: BSD-2-Clause */
/* common/paravisor/tree.c - nodes of a paravisor's device tree; see tree.h */
#include "common/paravisor/tree.h"

#include "common/describe/dt_writer.h"
#include "common/paravisor/split.h"
#include "common/spec/igvm_params.h"

/* These are what OpenHCL calls openhcl,memory-type. */
enum memory_owner {
	OWNER_GUEST = 0,
	OWNER_PARAVISOR = 1,
	OWNER_POOL = 4, /* "VTL2 sidecar node" */
};

/* The trust level that Hyper-V gives a paravisor. */
#define PARAVISOR_VTL 2

#define PPI_CELL      1
#define PPI_BASE      16
#define EDGE_CELL     1

void tree_write_memory(void *fdt, const struct machine *machine)
{
	for (uint32_t i = 0; i < machine->ram_count; i++) {
		const struct machine_ram *ram = &machine->ram[i];
		const struct machine_range range = { ram->base, ram->size };

		if (ram->type != MEMORY_RAM)
			continue;
		dt_write_begin_at(fdt, "memory", range.base);
		dt_write_string(fdt, "device_type", "memory");
		dt_write_reg(fdt, &range, 1);
		dt_write_u32(fdt, "numa-node-id", ram->node);
		dt_write_end(fdt);
	}
}

/* bindings/bus/microsoft,vmbus.yaml, and what a paravisor's driver needs */
static void write_vmbus(void *fdt, const struct machine *machine)
{
	const struct host_vmbus *vmbus = &machine->host.paravisor_vmbus;
	fdt32_t *cell;

	if (!vmbus->is_present || !vmbus->range_count)
		return;
	dt_write_begin_at(fdt, "vmbus", vmbus->ranges[0].base);
	dt_write_string(fdt, "compatible", "microsoft,vmbus");
	dt_write_u32(fdt, "#address-cells", 2);
	dt_write_u32(fdt, "#size-cells", 2);
	cell = dt_write_cells(fdt, "ranges", vmbus->range_count * 6);
	for (uint32_t i = 0; i < vmbus->range_count; i++) {
		cell = dt_put_u64(cell, vmbus->ranges[i].base);
		cell = dt_put_u64(cell, vmbus->ranges[i].base);
		cell = dt_put_u64(cell, vmbus->ranges[i].size);
	}
	dt_write_empty(fdt, "dma-coherent");
	dt_write_u32(fdt, "microsoft,vtl", PARAVISOR_VTL);
	dt_write_u32(fdt, "microsoft,message-connection-id",
	             vmbus->connection_id);
	if (machine->vmbus.intid) {
		cell = dt_write_cells(fdt, "interrupts", 3);
		cell = dt_put_u32(cell, PPI_CELL);
		cell = dt_put_u32(cell, machine->vmbus.intid - PPI_BASE);
		dt_put_u32(cell, EDGE_CELL);
	}
	dt_write_end(fdt);
}

static void write_pool(void *fdt, const struct machine *machine,
                       const struct tree_pool *pool)
{
	static const char names[] = "ctrl\0shmem";
	struct split_chunk chunk = { 0 };
	paddr_t control = pool->shared;

	while (split_next_chunk(machine, pool->chunk_max, &chunk)) {
		uint64_t size =
			chunk.count * TREE_POOL_CPU_PAGES * TREE_PAGE_SIZE;
		const struct machine_range ranges[] = {
			{ control, TREE_PAGE_SIZE },
			{ control + TREE_PAGE_SIZE, size },
		};

		if (chunk.count > 1) {
			dt_write_begin_at(fdt, "sidecar", control);
			dt_write_string(fdt, "compatible",
			                "microsoft,openhcl-sidecar");
			dt_write_reg(fdt, ranges, ARRAY_COUNT(ranges));
			dt_write_bytes(fdt, "reg-names", names, sizeof(names));
			dt_write_end(fdt);
		}
		control += TREE_PAGE_SIZE + size;
	}
}

void tree_write_bus(void *fdt, const struct machine *machine,
                    const struct tree_pool *pool)
{
	dt_write_begin(fdt, "bus");
	dt_write_string(fdt, "compatible", "simple-bus");
	dt_write_u32(fdt, "#address-cells", 2);
	dt_write_u32(fdt, "#size-cells", 2);
	dt_write_empty(fdt, "ranges");
	write_vmbus(fdt, machine);
	if (pool->all.size)
		write_pool(fdt, machine, pool);
	dt_write_end(fdt);
}

/* Writes the piece [base, end) of a range of RAM, unless it is empty. */
static void write_piece(void *fdt, const struct machine_ram *ram, paddr_t base,
                        paddr_t end, enum memory_owner owner)
{
	const struct machine_range range = { base, end - base };

	if (base >= end)
		return;
	dt_write_begin_at(fdt, "memory", base);
	dt_write_string(fdt, "device_type", "memory-openhcl");
	dt_write_reg(fdt, &range, 1);
	dt_write_u32(fdt, "numa-node-id", ram->node);
	dt_write_u32(fdt, "microsoft,igvm-type", ram->igvm_type);
	dt_write_u32(fdt, "openhcl,memory-type", owner);
	dt_write_end(fdt);
}

static void write_range(void *fdt, const struct machine_ram *ram,
                        const struct machine_range *pool)
{
	paddr_t base = ram->base, end = ram->base + ram->size;
	/* The part that is the pool's: it is empty, or lies in the range. */
	paddr_t pool_base = max_u64(base, min_u64(pool->base, end));
	paddr_t pool_end =
		max_u64(pool_base, min_u64(pool->base + pool->size, end));

	if (ram->type == MEMORY_NONE) {
		write_piece(fdt, ram, base, end, OWNER_GUEST);
		return;
	}
	write_piece(fdt, ram, base, pool_base, OWNER_PARAVISOR);
	write_piece(fdt, ram, pool_base, pool_end, OWNER_POOL);
	write_piece(fdt, ram, pool_end, end, OWNER_PARAVISOR);
}

static bool is_typed(const struct machine *machine)
{
	for (uint32_t i = 0; i < machine->ram_count; i++) {
		if (machine->ram[i].igvm_type == IGVM_MEMORY_VTL2_PROTECTABLE)
			return true;
	}
	return false;
}

void tree_write_openhcl(void *fdt, const struct machine *machine,
                        const struct tree_pool *pool)
{
	dt_write_begin(fdt, "openhcl");
	dt_write_u32(fdt, "#address-cells", 2);
	dt_write_u32(fdt, "#size-cells", 2);
	dt_write_string(fdt, "isolation-type", "none");
	dt_write_string(fdt, "memory-allocation-mode",
	                is_typed(machine) ? "host" : "vtl2");
	for (uint32_t i = 0; i < machine->ram_count; i++) {
		if (split_is_partition_ram(&machine->ram[i]))
			write_range(fdt, &machine->ram[i], &pool->all);
	}
	dt_write_end(fdt);
}
