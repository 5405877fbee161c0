/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/paravisor/tree_x86.c - the device tree of a paravisor's kernel
 *
 * Linux takes from it the CPUs, their APIC, the nodes and a clock, if there are
 * no ACPI tables (arch/x86/kernel/devicetree.c, bindings/x86/ce4100.txt). What
 * RAM it has is in E820, and command line and initrd are in the zero page.
 */
#include "arch/x86_64/paravisor/tree_x86.h"

#include "common/describe/dt_writer.h"
#include "common/paravisor/split.h"

/* Linux maps the tree and the record that it comes in by 64 pages. */
#define TREE_SIZE_MAX   (64 * TREE_PAGE_SIZE - TREE_PAGE_SIZE)
#define TREE_FIXED_SIZE 0x1000
#define TREE_CPU_SIZE   0x90
#define TREE_RAM_SIZE   0x200 /* in /memory@ and, in pieces, in /openhcl */

#define HPET_SIZE       0x400

uint32_t tree_x86_size(const struct machine *machine)
{
	uint64_t size = TREE_FIXED_SIZE + machine->cpu_count * TREE_CPU_SIZE +
	                machine->ram_count * TREE_RAM_SIZE;

	return (uint32_t)min_u64(size, TREE_SIZE_MAX);
}

/*
 * OpenHCL's programs take the number in the name for one more than the number
 * of the virtual processor.
 */
static void write_cpu(void *fdt, const struct machine *machine, uint32_t index,
                      bool is_pool)
{
	const struct machine_cpu *cpu = &machine->cpus[index];

	dt_write_begin_number(fdt, "cpu@", index + 1);
	dt_write_string(fdt, "device_type", "cpu");
	dt_write_u32(fdt, "reg", (uint32_t)cpu->id);
	dt_write_u32(fdt, "numa-node-id", cpu->node);
	dt_write_string(fdt, "status", is_pool ? "disabled" : "okay");
	dt_write_end(fdt);
}

/* Linux reads "disabled" as "okay" here, so it can take such a CPU over. */
static void write_cpus(void *fdt, const struct machine *machine,
                       const struct tree_pool *pool)
{
	uint32_t chunk_max = pool->all.size ? pool->chunk_max : 1;
	struct split_chunk chunk = { 0 };

	dt_write_begin(fdt, "cpus");
	dt_write_u32(fdt, "#address-cells", 1);
	dt_write_u32(fdt, "#size-cells", 0);
	while (split_next_chunk(machine, chunk_max, &chunk))
		write_cpu(fdt, machine, chunk.first, false);
	chunk = (struct split_chunk){ 0 };
	while (split_next_chunk(machine, chunk_max, &chunk)) {
		for (uint32_t i = 1; i < chunk.count; i++)
			write_cpu(fdt, machine, chunk.first + i, true);
	}
	dt_write_end(fdt);
}

static void write_apic(void *fdt, const struct machine *machine)
{
	const struct machine_range lapic = { machine->pc.lapic_paddr,
		                             TREE_PAGE_SIZE };

	dt_write_begin_at(fdt, "interrupt-controller", lapic.base);
	dt_write_string(fdt, "compatible", "intel,ce4100-lapic");
	dt_write_reg(fdt, &lapic, 1);
	dt_write_u32(fdt, "#address-cells", 0);
	dt_write_u32(fdt, "#interrupt-cells", 2);
	dt_write_empty(fdt, "interrupt-controller");
	dt_write_empty(fdt, "intel,virtual-wire-mode");
	dt_write_end(fdt);
}

/* Linux has no other clock to measure the TSC by that is right under load. */
static void write_hpet(void *fdt, const struct machine *machine)
{
	const struct machine_range hpet = { machine->pc.hpet_paddr, HPET_SIZE };

	if (!hpet.base)
		return;
	dt_write_begin_at(fdt, "timer", hpet.base);
	dt_write_string(fdt, "compatible", "intel,ce4100-hpet");
	dt_write_reg(fdt, &hpet, 1);
	dt_write_end(fdt);
}

static void write_reserved(void *fdt, const struct tree_pool *pool)
{
	if (!pool->all.size)
		return;
	dt_write_begin(fdt, "reserved-memory");
	dt_write_u32(fdt, "#address-cells", 2);
	dt_write_u32(fdt, "#size-cells", 2);
	dt_write_empty(fdt, "ranges");
	dt_write_begin_at(fdt, "sidecar", pool->all.base);
	dt_write_reg(fdt, &pool->all, 1);
	dt_write_end(fdt);
	dt_write_end(fdt);
}

static void write_hypervisor(void *fdt, const struct machine *machine)
{
	if (!machine->host.is_hyperv)
		return;
	dt_write_begin(fdt, "hypervisor");
	dt_write_string(fdt, "compatible", "microsoft,hyperv");
	dt_write_end(fdt);
}

/* It has a name of its own in the blob, by which tests tell what it costs. */
NOINLINE void tree_x86_build(const struct machine *machine,
                             const struct tree_pool *pool, void *fdt,
                             uint32_t size)
{
	dt_write_start(fdt, size);
	if (pool->all.size)
		dt_write_reservation(fdt, &pool->all);
	dt_write_nodes(fdt);
	dt_write_begin(fdt, "");
	dt_write_u32(fdt, "#address-cells", 2);
	dt_write_u32(fdt, "#size-cells", 2);
	dt_write_string(fdt, "model", "directboot");
	dt_write_string(fdt, "compatible", "microsoft,openvmm");
	write_hypervisor(fdt, machine);
	write_reserved(fdt, pool);
	write_cpus(fdt, machine, pool);
	tree_write_memory(fdt, machine);
	write_apic(fdt, machine);
	write_hpet(fdt, machine);
	tree_write_bus(fdt, machine, pool);
	tree_write_openhcl(fdt, machine, pool);
	dt_write_end(fdt);
	dt_write_finish(fdt);
}
