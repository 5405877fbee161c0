/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/aarch64/describe/fdt_full.c - a device tree for all of the machine
 *
 * Devicetree Specification 0.4; bindings: Linux Documentation/devicetree. Made
 * from struct machine as the ACPI tables are, not from the VMM's tree.
 */
#include "arch/aarch64/describe/fdt_full.h"

#include "common/lib/console.h"
#include "common/lib/string.h"

#define INTID_PPI_BASE 16
#define INTID_SPI_BASE 32
#define TIMER_COUNT    5

struct fdt_cell *fdt_full_put_interrupt(struct fdt_cell *cell, uint32_t intid,
                                        enum fdt_interrupt_flags flags)
{
	bool is_ppi = intid < INTID_SPI_BASE;

	cell = fdt_put_u32(cell, is_ppi);
	cell = fdt_put_u32(cell,
	                   intid - (is_ppi ? INTID_PPI_BASE : INTID_SPI_BASE));
	return fdt_put_u32(cell, flags);
}

void fdt_full_interrupt(struct fdt_out *out, uint32_t intid, bool is_edge)
{
	if (intid)
		fdt_full_put_interrupt(fdt_out_cells(out, FDT_INTERRUPTS,
		                                     FDT_INTERRUPT_CELL_COUNT),
		                       intid, fdt_full_flags(is_edge, false));
}

void fdt_full_reg(struct fdt_out *out, const struct machine_range *ranges,
                  uint32_t count)
{
	struct fdt_cell *cell = fdt_out_cells(out, FDT_REG, count * 4);

	for (uint32_t i = 0; i < count; i++) {
		cell = fdt_put_u64(cell, ranges[i].base);
		cell = fdt_put_u64(cell, ranges[i].size);
	}
}

static void add_psci(struct fdt_out *out, const struct machine_arm *arm)
{
	static const char compatible[] = "arm,psci-1.0\0arm,psci-0.2";

	if (!arm->has_psci)
		return;
	fdt_out_begin(out, "psci");
	fdt_out_bytes(out, FDT_COMPATIBLE, compatible, sizeof(compatible));
	fdt_out_string(out, FDT_METHOD, arm->psci_is_hvc ? "hvc" : "smc");
	fdt_out_end(out);
}

static void add_memory(struct fdt_out *out, const struct machine *machine)
{
	for (uint32_t i = 0; i < machine->ram_count; i++) {
		const struct machine_range range = {
			machine->ram[i].base,
			machine->ram[i].size,
		};

		fdt_out_begin_at(out, "memory", range.base);
		fdt_out_string(out, FDT_DEVICE_TYPE, "memory");
		fdt_full_reg(out, &range, 1);
		if (machine->node_count)
			fdt_out_u32(out, FDT_NUMA_NODE_ID,
			            machine->ram[i].node);
		fdt_out_end(out);
	}
	if (!machine->reserved_count)
		return;
	fdt_out_begin(out, "reserved-memory");
	fdt_out_u32(out, FDT_ADDRESS_CELLS, 2);
	fdt_out_u32(out, FDT_SIZE_CELLS, 2);
	fdt_out_empty(out, FDT_RANGES);
	for (uint32_t i = 0; i < machine->reserved_count; i++) {
		const struct machine_reserved *reserved = &machine->reserved[i];

		fdt_out_begin_at(out, "vmm", reserved->range.base);
		fdt_full_reg(out, &reserved->range, 1);
		if (reserved->is_no_map)
			fdt_out_empty(out, FDT_NO_MAP);
		fdt_out_end(out);
	}
	fdt_out_end(out);
}

static void add_distances(struct fdt_out *out, const struct machine *machine)
{
	uint32_t count = machine->node_count;
	struct fdt_cell *cell;

	if (count < 2 || !machine->has_distances)
		return;
	fdt_out_begin(out, "distance-map");
	fdt_out_string(out, FDT_COMPATIBLE, "numa-distance-map-v1");
	cell = fdt_out_cells(out, FDT_DISTANCE_MATRIX, count * count * 3);
	for (uint32_t a = 0; a < count; a++) {
		for (uint32_t b = 0; b < count; b++) {
			cell = fdt_put_u32(cell, a);
			cell = fdt_put_u32(cell, b);
			cell = fdt_put_u32(cell, machine->distances[a][b]);
		}
	}
	fdt_out_end(out);
}

/* The distributor first, then what the version has. */
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

static void add_msi(struct fdt_out *out, const struct machine_arm *arm)
{
	const struct machine_range *range = &arm->its;

	if (arm->its.size) {
		fdt_out_begin_at(out, "msi-controller", arm->its.base);
		fdt_out_string(out, FDT_COMPATIBLE, "arm,gic-v3-its");
		fdt_out_u32(out, FDT_MSI_CELLS, 1);
	} else if (arm->v2m.size) {
		range = &arm->v2m;
		fdt_out_begin_at(out, "v2m", arm->v2m.base);
		fdt_out_string(out, FDT_COMPATIBLE, "arm,gic-v2m-frame");
		if (arm->v2m_spi_count) {
			fdt_out_u32(out, FDT_MSI_BASE_SPI, arm->v2m_spi_base);
			fdt_out_u32(out, FDT_MSI_NUM_SPIS, arm->v2m_spi_count);
		}
	} else {
		return;
	}
	fdt_out_empty(out, FDT_MSI_CONTROLLER);
	fdt_full_reg(out, range, 1);
	fdt_out_u32(out, FDT_PHANDLE, FDT_PHANDLE_MSI);
	fdt_out_end(out);
}

static void add_gic(struct fdt_out *out, const struct machine_arm *arm)
{
	struct machine_range ranges[4 + MACHINE_GICR_MAX];
	uint32_t count = gic_ranges(arm, ranges);

	fdt_out_begin_at(out, "interrupt-controller", arm->gicd.base);
	fdt_out_string(out, FDT_COMPATIBLE,
	               arm->gic_version == MACHINE_GIC_V3
	                       ? "arm,gic-v3"
	                       : "arm,cortex-a15-gic");
	fdt_full_reg(out, ranges, count);
	if (arm->gicr_count > 1)
		fdt_out_u32(out, FDT_REDISTRIBUTOR_REGIONS, arm->gicr_count);
	if (arm->gicr_stride)
		fdt_out_u64(out, FDT_REDISTRIBUTOR_STRIDE, arm->gicr_stride);
	fdt_out_u32(out, FDT_INTERRUPT_CELLS, FDT_INTERRUPT_CELL_COUNT);
	fdt_out_empty(out, FDT_INTERRUPT_CONTROLLER);
	fdt_out_u32(out, FDT_ADDRESS_CELLS, 2);
	fdt_out_u32(out, FDT_SIZE_CELLS, 2);
	fdt_out_empty(out, FDT_RANGES);
	fdt_full_interrupt(out, arm->maintenance_intid, false);
	fdt_out_u32(out, FDT_PHANDLE, FDT_PHANDLE_GIC);
	add_msi(out, arm);
	fdt_out_end(out);
}

/* Which of the timer's interrupts there are. */
static void add_timer_names(struct fdt_out *out, const struct machine_arm *arm)
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
	fdt_out_bytes(out, FDT_INTERRUPT_NAMES, list, size);
}

/* In the binding's order; by names only where one before others lacks. */
static void add_timer(struct fdt_out *out, const struct machine_arm *arm)
{
	enum fdt_interrupt_flags flags =
		fdt_full_flags(false, arm->timer_is_active_low);
	uint32_t count = 0, end = 0;
	struct fdt_cell *cell;

	for (uint32_t i = 0; i < TIMER_COUNT; i++) {
		if (!arm->timer_intid[i])
			continue;
		count++;
		end = i + 1;
	}
	if (!count)
		return;
	fdt_out_begin(out, "timer");
	fdt_out_string(out, FDT_COMPATIBLE, "arm,armv8-timer");
	if (arm->timer_is_always_on)
		fdt_out_empty(out, FDT_ALWAYS_ON);
	if (count != end)
		add_timer_names(out, arm);
	cell = fdt_out_cells(out, FDT_INTERRUPTS,
	                     count * FDT_INTERRUPT_CELL_COUNT);
	for (uint32_t i = 0; i < end; i++) {
		if (arm->timer_intid[i])
			cell = fdt_full_put_interrupt(cell, arm->timer_intid[i],
			                              flags);
	}
	fdt_out_end(out);
}

static void add_pmu(struct fdt_out *out, const struct machine_arm *arm)
{
	if (!arm->pmu_intid)
		return;
	fdt_out_begin(out, "pmu");
	fdt_out_string(out, FDT_COMPATIBLE, "arm,armv8-pmuv3");
	fdt_full_interrupt(out, arm->pmu_intid, false);
	fdt_out_end(out);
}

uint32_t fdt_build_full(const struct boot *boot, void *buffer, uint32_t size)
{
	const struct machine *machine = &boot->machine;
	struct fdt_out out;

	fdt_out_open(&out, buffer, size, 0);
	fdt_out_u32(&out, FDT_ADDRESS_CELLS, 2);
	fdt_out_u32(&out, FDT_SIZE_CELLS, 2);
	fdt_out_u32(&out, FDT_INTERRUPT_PARENT, FDT_PHANDLE_GIC);
	fdt_out_string(&out, FDT_MODEL, "directboot");
	fdt_out_string(&out, FDT_COMPATIBLE, "linux,dummy-virt");

	fdt_out_begin(&out, "chosen");
	fdt_out_chosen(&out, boot);
	if (machine->uart_count)
		fdt_out_path(&out, FDT_STDOUT_PATH, "/serial",
		             machine->uarts[0].base);
	fdt_out_end(&out);
	add_memory(&out, machine);
	fdt_full_cpus(&out, machine);
	add_distances(&out, machine);
	add_psci(&out, &machine->arm);
	add_gic(&out, &machine->arm);
	add_timer(&out, &machine->arm);
	add_pmu(&out, &machine->arm);
	fdt_full_devices(&out, machine);
	fdt_full_pci(&out, machine);
	return fdt_out_close(&out);
}
