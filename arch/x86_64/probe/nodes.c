/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/probe/nodes.c - NUMA nodes of RAM and CPUs by fw_cfg, and the RAM
 * that is in slots
 */
#include "arch/x86_64/probe/nodes.h"

#include "arch/x86_64/cpu.h"
#include "arch/x86_64/memmap.h"
#include "arch/x86_64/probe/ram.h"
#include "common/lib/console.h"
#include "common/spec/fw_cfg.h"

/* Gives RAM to nodes in ascending order, cutting ranges where a node ends. */
static void assign_nodes(struct machine *machine, const uint64_t *node_sizes)
{
	uint32_t node = 0;
	uint64_t left = node_sizes[0];

	for (uint32_t i = 0; i < machine->ram_count; i++) {
		struct machine_ram *ram = &machine->ram[i];

		if (ram->type != MEMORY_RAM)
			continue;
		while (!left && node + 1 < machine->node_count)
			left = node_sizes[++node];
		ram->node = node;
		if (ram->size > left && node + 1 < machine->node_count) {
			ram_add(machine, ram->base + left, ram->size - left,
			        MEMORY_RAM);
			for (uint32_t j = machine->ram_count - 1; j > i + 1;
			     j--) {
				struct machine_ram last = machine->ram[j];

				machine->ram[j] = machine->ram[j - 1];
				machine->ram[j - 1] = last;
			}
			ram->size = left;
		}
		left -= min_u64(left, ram->size);
	}
}

/*
 * QEMU docs/specs/acpi_mem_hotplug: writing its number selects a slot, whose
 * base, size and node can be read. An empty slot reads as zeros, and ports
 * without slots as ones.
 */
#define SLOT_PORT      0xa00
#define SLOT_BASE      (SLOT_PORT + 0)
#define SLOT_SIZE      (SLOT_PORT + 8)
#define SLOT_NODE      (SLOT_PORT + 16)
#define SLOT_COUNT_MAX 256

static NOINLINE uint64_t read_slot(uint16_t port)
{
	uint64_t low = cpu_inl(port);

	return (uint64_t)cpu_inl(port + 4) << 32 | low;
}

/* Adds the DIMMs that QEMU has started with, which fw_cfg's RAM lacks. */
static void add_dimms(struct machine *machine)
{
	for (uint32_t slot = 0; slot < SLOT_COUNT_MAX; slot++) {
		uint64_t size;

		cpu_outl(SLOT_PORT, slot);
		size = read_slot(SLOT_SIZE);
		if (size == UINT64_MAX)
			return;
		if (size)
			ram_add(machine, read_slot(SLOT_BASE), size, MEMORY_RAM)
				->node = cpu_inl(SLOT_NODE);
	}
}

/*
 * The item FW_CFG_NUMA has 64-bit words: the number of nodes, the node of each
 * APIC ID below FW_CFG_MAX_CPUS, the bytes of each node.
 */
void nodes_probe(struct machine *machine)
{
	const struct fw_cfg *fw_cfg = &machine->fw_cfg;
	const uint64_t *words = paddr_ptr(SCRATCH_BASE);
	uint32_t id_count;
	volatile uint64_t node_count = 0;

	if (!fw_cfg->is_present ||
	    machine->platform == MACHINE_PLATFORM_MICROVM)
		return;
	fw_cfg_read(fw_cfg, FW_CFG_NUMA, 0, paddr_of((const void *)&node_count),
	            sizeof(node_count));
	if (!node_count)
		return;
	if (node_count > MACHINE_NODE_MAX)
		panic("numa: %lu nodes, at most %u", node_count,
		      MACHINE_NODE_MAX);
	id_count = fw_cfg_read_u32(fw_cfg, FW_CFG_MAX_CPUS) & 0xffff;
	if ((1 + id_count + node_count) * sizeof(*words) > SCRATCH_SIZE)
		panic("numa: %u APIC IDs and %lu nodes, at most %u together",
		      id_count, node_count,
		      (unsigned)(SCRATCH_SIZE / sizeof(*words) - 1));
	fw_cfg_read(fw_cfg, FW_CFG_NUMA, 0, SCRATCH_BASE,
	            (1 + id_count + node_count) * sizeof(*words));

	machine->node_count = node_count;
	for (uint32_t i = 0; i < machine->cpu_count; i++) {
		struct machine_cpu *cpu = &machine->cpus[i];

		if (cpu->id < id_count && words[1 + cpu->id] < node_count)
			cpu->node = words[1 + cpu->id];
	}
	assign_nodes(machine, &words[1 + id_count]);
	add_dimms(machine); /* QEMU gives any machine that has slots a node */
}
