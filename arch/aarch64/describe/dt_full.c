/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/aarch64/describe/dt_full.c - writes a device tree for the whole machine
 *
 * Devicetree Specification 0.4; Linux Documentation/devicetree has the
 * bindings. The source is struct machine, as for the ACPI tables, and not the
 * VMM's tree.
 */
#include "arch/aarch64/describe/dt_build.h"
#include "arch/aarch64/describe/dt_parts.h"

#include "common/image.h"
#include "common/lib/console.h"
#include "common/lib/string.h"

#define TIMER_COUNT 5

static void add_psci(void *fdt, const struct machine_arm *arm)
{
	static const char compatible[] = "arm,psci-1.0\0arm,psci-0.2";

	if (!arm->has_psci)
		return;
	dt_write_begin(fdt, "psci");
	dt_write_bytes(fdt, "compatible", compatible, sizeof(compatible));
	dt_write_string(fdt, "method", arm->psci_is_hvc ? "hvc" : "smc");
	dt_write_end(fdt);
}

static void add_memory(void *fdt, const struct machine *machine)
{
	for (uint32_t i = 0; i < machine->ram_count; i++) {
		const struct machine_range range = {
			machine->ram[i].base,
			machine->ram[i].size,
		};

		if (machine->ram[i].type != MEMORY_RAM)
			continue;
		dt_write_begin_at(fdt, "memory", range.base);
		dt_write_string(fdt, "device_type", "memory");
		dt_write_reg(fdt, &range, 1);
		if (machine->node_count)
			dt_write_u32(fdt, "numa-node-id", machine->ram[i].node);
		dt_write_end(fdt);
	}
	if (!machine->reserved_count)
		return;
	dt_write_begin(fdt, "reserved-memory");
	dt_write_u32(fdt, "#address-cells", 2);
	dt_write_u32(fdt, "#size-cells", 2);
	dt_write_empty(fdt, "ranges");
	for (uint32_t i = 0; i < machine->reserved_count; i++) {
		const struct machine_reserved *reserved = &machine->reserved[i];

		dt_write_begin_at(fdt, "vmm", reserved->range.base);
		dt_write_reg(fdt, &reserved->range, 1);
		if (reserved->is_no_map)
			dt_write_empty(fdt, "no-map");
		dt_write_end(fdt);
	}
	dt_write_end(fdt);
}

static void add_distances(void *fdt, const struct machine *machine)
{
	uint32_t count = machine->node_count;
	fdt32_t *cell;

	if (count < 2 || !machine->has_distances)
		return;
	dt_write_begin(fdt, "distance-map");
	dt_write_string(fdt, "compatible", "numa-distance-map-v1");
	cell = dt_write_cells(fdt, "distance-matrix", count * count * 3);
	for (uint32_t a = 0; a < count; a++) {
		for (uint32_t b = 0; b < count; b++) {
			cell = dt_put_u32(cell, a);
			cell = dt_put_u32(cell, b);
			cell = dt_put_u32(cell, machine->distances[a][b]);
		}
	}
	dt_write_end(fdt);
}

/* The binding wants the distributor first, then what the GIC version has. */
static uint32_t gic_ranges(const struct machine_arm *arm,
                           struct machine_range *ranges)
{
	uint32_t count = 0;

	ranges[count++] = arm->gicd;
	for (uint32_t i = 0; i < arm->gicr_count; i++)
		ranges[count++] = arm->gicr[i];
	if (arm->gicc.size)
		ranges[count++] = arm->gicc;
	if (arm->gicc.size && arm->gich.size && arm->gicv.size) {
		ranges[count++] = arm->gich;
		ranges[count++] = arm->gicv;
	}
	return count;
}

static void add_msi(void *fdt, const struct machine_arm *arm)
{
	const struct machine_range *range = &arm->its;

	if (arm->its.size) {
		dt_write_begin_at(fdt, "msi-controller", arm->its.base);
		dt_write_string(fdt, "compatible", "arm,gic-v3-its");
		dt_write_u32(fdt, "#msi-cells", 1);
	} else if (arm->v2m.size) {
		range = &arm->v2m;
		dt_write_begin_at(fdt, "v2m", arm->v2m.base);
		dt_write_string(fdt, "compatible", "arm,gic-v2m-frame");
		if (arm->v2m_spi_count) {
			dt_write_u32(fdt, "arm,msi-base-spi",
			             arm->v2m_spi_base);
			dt_write_u32(fdt, "arm,msi-num-spis",
			             arm->v2m_spi_count);
		}
	} else {
		return;
	}
	dt_write_empty(fdt, "msi-controller");
	dt_write_reg(fdt, range, 1);
	dt_write_u32(fdt, "phandle", DT_PHANDLE_MSI);
	dt_write_end(fdt);
}

static void add_gic(void *fdt, const struct machine_arm *arm)
{
	struct machine_range ranges[4 + MACHINE_GICR_MAX];
	uint32_t count = gic_ranges(arm, ranges);

	dt_write_begin_at(fdt, "interrupt-controller", arm->gicd.base);
	dt_write_string(fdt, "compatible",
	                arm->gic_version == MACHINE_GIC_V3
	                        ? "arm,gic-v3"
	                        : "arm,cortex-a15-gic");
	dt_write_reg(fdt, ranges, count);
	if (arm->gicr_count > 1)
		dt_write_u32(fdt, "#redistributor-regions", arm->gicr_count);
	if (arm->gicr_stride)
		dt_write_u64(fdt, "redistributor-stride", arm->gicr_stride);
	dt_write_u32(fdt, "#interrupt-cells", DT_INTERRUPT_CELL_COUNT);
	dt_write_empty(fdt, "interrupt-controller");
	dt_write_u32(fdt, "#address-cells", 2);
	dt_write_u32(fdt, "#size-cells", 2);
	dt_write_empty(fdt, "ranges");
	dt_write_interrupt(fdt, arm->maintenance_intid, false);
	dt_write_u32(fdt, "phandle", DT_PHANDLE_GIC);
	add_msi(fdt, arm);
	dt_write_end(fdt);
}

/* Names the timer interrupts that exist. */
static void add_timer_names(void *fdt, const struct machine_arm *arm)
{
	static const char names[TIMER_COUNT][12] = {
		"sec-phys", "phys", "virt", "hyp-phys", "hyp-virt",
	};
	char list[sizeof(names)];
	uint32_t size = 0;

	for (uint32_t i = 0; i < TIMER_COUNT; i++) {
		uint32_t name_size = (uint32_t)strlen(names[i]) + 1;

		if (!arm->timer_intid[i])
			continue;
		memcpy(list + size, names[i], name_size);
		size += name_size;
	}
	dt_write_bytes(fdt, "interrupt-names", list, size);
}

/*
 * The interrupts are in the order of the binding. They need names only if one
 * is missing before another.
 */
static void add_timer(void *fdt, const struct machine_arm *arm)
{
	enum dt_interrupt_flags flags =
		dt_interrupt_flags(false, arm->timer_is_active_low);
	uint32_t count = 0, end = 0;
	fdt32_t *cell;

	for (uint32_t i = 0; i < TIMER_COUNT; i++) {
		if (!arm->timer_intid[i])
			continue;
		count++;
		end = i + 1;
	}
	if (!count)
		return;
	dt_write_begin(fdt, "timer");
	dt_write_string(fdt, "compatible", "arm,armv8-timer");
	if (arm->timer_is_always_on)
		dt_write_empty(fdt, "always-on");
	if (count != end)
		add_timer_names(fdt, arm);
	cell = dt_write_cells(fdt, "interrupts",
	                      count * DT_INTERRUPT_CELL_COUNT);
	for (uint32_t i = 0; i < end; i++) {
		if (arm->timer_intid[i])
			cell = dt_put_interrupt(cell, arm->timer_intid[i],
			                        flags);
	}
	dt_write_end(fdt);
}

static void add_pmu(void *fdt, const struct machine_arm *arm)
{
	if (!arm->pmu_intid)
		return;
	dt_write_begin(fdt, "pmu");
	dt_write_string(fdt, "compatible", "arm,armv8-pmuv3");
	dt_write_interrupt(fdt, arm->pmu_intid, false);
	dt_write_end(fdt);
}

void dt_build_full(const struct machine *machine, const struct guest *guest,
                   void *fdt, uint32_t size)
{
	dt_write_start(fdt, size);
	dt_write_nodes(fdt);
	dt_write_begin(fdt, "");
	dt_write_u32(fdt, "#address-cells", 2);
	dt_write_u32(fdt, "#size-cells", 2);
	dt_write_u32(fdt, "interrupt-parent", DT_PHANDLE_GIC);
	dt_write_string(fdt, "model", "directboot");
	dt_write_string(fdt, "compatible", "linux,dummy-virt");

	dt_write_begin(fdt, "chosen");
	dt_write_chosen(fdt, machine, guest);
	if (machine->uart_count)
		dt_write_path(fdt, "stdout-path", "/serial",
		              machine->uarts[0].base);
	dt_write_end(fdt);
	add_memory(fdt, machine);
	dt_write_cpus(fdt, machine);
	add_distances(fdt, machine);
	add_psci(fdt, &machine->arm);
	add_gic(fdt, &machine->arm);
	add_timer(fdt, &machine->arm);
	add_pmu(fdt, &machine->arm);
	dt_write_devices(fdt, machine);
	dt_write_pci(fdt, machine);
	if (machine->is_split)
		paravisor_write_nodes(fdt, machine);
	dt_write_end(fdt);
	dt_write_finish(fdt);
}
