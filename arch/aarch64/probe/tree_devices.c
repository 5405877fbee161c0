/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/aarch64/probe/tree_devices.c - GIC, timer, UARTs, virtio-mmio, SMMU,
 * VMBus */
#include "arch/aarch64/probe/tree.h"

#include "common/lib/console.h"
#include "common/lib/string.h"

#define VIRTIO_MMIO_SIZE_MIN 0x100 /* VIRTIO 1.2 section 4.2.2 */

/* bindings/interrupt-controller/arm,gic.yaml: control interface follows */
enum gicv2_reg {
	GICV2_DISTRIBUTOR,
	GICV2_CPU_INTERFACE,
	GICV2_HYPERVISOR,
	GICV2_VIRTUAL,
};

static void add_gicv2(struct tree *tree)
{
	struct machine_arm *arm = &tree->machine->arm;

	arm->gic_version = MACHINE_GIC_V2;
	if (!fdt_get_reg(&tree->fdt, GICV2_DISTRIBUTOR, &arm->gicd) ||
	    !fdt_get_reg(&tree->fdt, GICV2_CPU_INTERFACE, &arm->gicc))
		fdt_refuse(&tree->fdt, FDT_REG, "a GICv2 has two ranges");
	if (!fdt_get_reg(&tree->fdt, GICV2_HYPERVISOR, &arm->gich) ||
	    !fdt_get_reg(&tree->fdt, GICV2_VIRTUAL, &arm->gicv))
		arm->gich.size = arm->gicv.size = 0;
}

/* arm,gic-v3.yaml: distributor, redistributor regions, GICC, GICH, GICV */
static void add_gicv3(struct tree *tree)
{
	struct machine_arm *arm = &tree->machine->arm;
	uint32_t count = fdt_get_u32(&tree->fdt, FDT_REDISTRIBUTOR_REGIONS, 1);

	arm->gic_version = MACHINE_GIC_V3;
	if (count < 1 || count > MACHINE_GICR_MAX)
		fdt_refuse(&tree->fdt, FDT_REDISTRIBUTOR_REGIONS,
		           "from 1 to 8");
	if (!fdt_get_reg(&tree->fdt, 0, &arm->gicd))
		fdt_refuse(&tree->fdt, FDT_REG, "no distributor");
	for (uint32_t i = 0; i < count; i++) {
		if (!fdt_get_reg(&tree->fdt, 1 + i, &arm->gicr[i]))
			fdt_refuse(&tree->fdt, FDT_REG, "no redistributors");
	}
	arm->gicr_count = count;
	arm->gicr_stride = fdt_get_u64(&tree->fdt, FDT_REDISTRIBUTOR_STRIDE, 0);
	if (!fdt_get_reg(&tree->fdt, 1 + count, &arm->gicc) ||
	    !fdt_get_reg(&tree->fdt, 2 + count, &arm->gich) ||
	    !fdt_get_reg(&tree->fdt, 3 + count, &arm->gicv))
		arm->gicc.size = arm->gich.size = arm->gicv.size = 0;
}

void tree_add_gic(struct tree *tree, enum tree_kind kind)
{
	struct machine_arm *arm = &tree->machine->arm;
	struct fdt *fdt = &tree->fdt;

	switch (kind) {
	case TREE_V2M:
		if (!fdt_get_reg(fdt, 0, &arm->v2m))
			arm->v2m.size = 0;
		arm->v2m_spi_base = fdt_get_u32(fdt, FDT_MSI_BASE_SPI, 0);
		arm->v2m_spi_count = fdt_get_u32(fdt, FDT_MSI_NUM_SPIS, 0);
		return;
	case TREE_ITS:
		if (!fdt_get_reg(fdt, 0, &arm->its))
			arm->its.size = 0;
		tree->its_phandle = fdt_get_u32(fdt, FDT_PHANDLE, 0);
		return;
	case TREE_GICV3:
		add_gicv3(tree);
		break;
	default:
		add_gicv2(tree);
	}
	tree->gic_phandle = fdt_get_u32(fdt, FDT_PHANDLE, 0);
	tree->gic_address_cells = fdt_get_u32(fdt, FDT_ADDRESS_CELLS, 0);
	if (fdt_get_u32(fdt, FDT_INTERRUPT_CELLS, 0) < 3)
		fdt_refuse(fdt, FDT_INTERRUPT_CELLS, "must be at least 3");
	arm->maintenance_intid = tree_interrupt(tree, 0).intid;
}

/* bindings/timer/arm,arch_timer.yaml: in this order, if they have no names. */
void tree_add_timer(struct tree *tree)
{
	static const char names[][12] = {
		"sec-phys", "phys", "virt", "hyp-phys", "hyp-virt",
	};
	struct machine_arm *arm = &tree->machine->arm;
	const struct fdt_value named = fdt_get(&tree->fdt, FDT_INTERRUPT_NAMES);
	struct tree_interrupt interrupt;

	static_assert(ARRAY_COUNT(names) == ARRAY_COUNT(arm->timer_intid),
	              "machine.h: timer_intid");
	for (uint32_t i = 0; i < ARRAY_COUNT(names); i++) {
		const char *name = fdt_string_at(&named, i);
		uint32_t slot = i;

		for (uint32_t j = 0; name && j < ARRAY_COUNT(names); j++) {
			if (!strcmp(name, names[j]))
				slot = j;
		}
		interrupt = tree_interrupt(tree, i);
		if (!interrupt.intid)
			break;
		arm->timer_intid[slot] = interrupt.intid;
		arm->timer_is_active_low = interrupt.is_active_low;
	}
	arm->timer_is_always_on = fdt_has(&tree->fdt, FDT_ALWAYS_ON);
}

void tree_add_uart(struct tree *tree, enum machine_uart_kind kind)
{
	struct machine *machine = tree->machine;
	const struct fdt *fdt = &tree->fdt;
	struct machine_uart *uart = &machine->uarts[machine->uart_count];
	struct tree_interrupt interrupt = tree_interrupt(tree, 0);
	struct machine_range range;

	if (machine->uart_count == MACHINE_UART_MAX ||
	    !fdt_get_reg(fdt, 0, &range))
		return;
	*uart = (struct machine_uart){
		.kind = kind,
		.gsi = interrupt.intid,
		.is_edge = interrupt.is_edge,
		.baud = fdt_get_u32(fdt, FDT_CURRENT_SPEED, 0),
		.clock_hz = fdt_get_u32(fdt, FDT_CLOCK_FREQUENCY, 0),
		.reg_shift = fdt_get_u32(fdt, FDT_REG_SHIFT, 0),
		.base = range.base,
		.size = range.size,
	};
	if (uart->reg_shift > 3)
		fdt_refuse(fdt, FDT_REG_SHIFT, "from 0 to 3");
	for (uint32_t i = 0; i < TREE_PATH_MAX; i++)
		tree->uart_paths[machine->uart_count][i] =
			i + 2 <= fdt->depth ? fdt->levels[i + 2].name : NULL;
	machine->uart_count++;
}

/* Is it "/a/b", with or without options behind a colon? */
static bool is_path(const char *path, const char *const names[TREE_PATH_MAX])
{
	for (uint32_t i = 0; i < TREE_PATH_MAX && names[i]; i++) {
		uint32_t size = strlen(names[i]);

		if (*path++ != '/')
			return false;
		for (uint32_t j = 0; j < size; j++) {
			if (path[j] != names[i][j])
				return false;
		}
		path += size;
	}
	return !*path || *path == ':';
}

/* uarts[0] is the console: by stdout-path, else the tree's first. */
void tree_choose_console(struct tree *tree)
{
	struct machine *machine = tree->machine;
	const char *path = fdt_string_at(&tree->stdout_path, 0);
	struct machine_uart first = machine->uarts[0];

	if (path && *path != '/')
		path = fdt_string_at(&tree->serial0, 0);
	for (uint32_t i = 1; path && i < machine->uart_count; i++) {
		if (!is_path(path, tree->uart_paths[i]))
			continue;
		machine->uarts[0] = machine->uarts[i];
		machine->uarts[i] = first;
		return;
	}
}

/*
 * Slots that follow this one's node, each with the next registers and the next
 * interrupt. At the root only, where addresses are what they are for the CPU.
 */
static uint32_t take_row(struct tree *tree, const struct machine_range *range,
                         uint32_t intid)
{
	const struct fdt_level *bus = &tree->fdt.levels[tree->fdt.depth - 1];
	struct fdt_step steps[] = {
		{ FDT_REG, bus->address_cells - 1, (uint32_t)range->size,
		  false },
		{ FDT_INTERRUPTS, 1, 1, false },
	};
	uint64_t room = UINT32_MAX - (uint32_t)range->base;
	uint64_t max = MACHINE_VIRTIO_MMIO_MAX - tree->slot_count;

	if (tree->fdt.depth != 2 || !bus->address_cells || !range->size)
		return 0;
	max = min_u64(max, room / range->size);
	max = min_u64(max, TREE_INTID_END - 1 - intid);
	return fdt_take_row(&tree->fdt, steps, ARRAY_COUNT(steps),
	                    (uint32_t)max);
}

void tree_add_virtio_mmio(struct tree *tree)
{
	struct machine *machine = tree->machine;
	struct machine_virtio_mmio *slot =
		&machine->virtio_mmio[machine->virtio_mmio_count];
	struct tree_interrupt interrupt = tree_interrupt(tree, 0);
	struct machine_range range;

	if (!fdt_get_reg(&tree->fdt, 0, &range) ||
	    range.size < VIRTIO_MMIO_SIZE_MIN || !interrupt.intid)
		return;
	if (tree->slot_count++ == MACHINE_VIRTIO_MMIO_MAX)
		panic("fdt: virtio-mmio: more than %u",
		      MACHINE_VIRTIO_MMIO_MAX);
	slot->paddr = range.base;
	slot->size = range.size;
	slot->gsi = interrupt.intid;
	slot->more_count = take_row(tree, &range, interrupt.intid);
	slot->is_edge = interrupt.is_edge;
	tree->slot_count += slot->more_count;
	machine->virtio_mmio_count++;
}

/* bindings/iommu/arm,smmu-v3.yaml */
void tree_add_smmu(struct tree *tree)
{
	static const char names[][12] = {
		"eventq",
		"priq",
		"cmdq-sync",
		"gerror",
	};
	struct machine_arm *arm = &tree->machine->arm;
	const struct fdt_value named = fdt_get(&tree->fdt, FDT_INTERRUPT_NAMES);
	const char *name;

	if (!fdt_get_reg(&tree->fdt, 0, &arm->smmuv3)) {
		arm->smmuv3.size = 0;
		return;
	}
	tree->smmu_phandle = fdt_get_u32(&tree->fdt, FDT_PHANDLE, 0);
	arm->smmuv3_is_coherent = fdt_is_coherent(&tree->fdt);
	for (uint32_t i = 0; (name = fdt_string_at(&named, i)); i++) {
		for (uint32_t j = 0; j < ARRAY_COUNT(names); j++) {
			if (!strcmp(name, names[j]))
				arm->smmuv3_intid[j] =
					tree_interrupt(tree, i).intid;
		}
	}
}

/*
 * bindings/bus/microsoft,vmbus.yaml: ranges are what VMBus may hand out. Some
 * list child address, parent address and size, some address and size twice.
 */
void tree_add_vmbus(struct tree *tree)
{
	struct machine_arm *arm = &tree->machine->arm;
	const struct fdt_level *level = &tree->fdt.levels[tree->fdt.depth];
	const struct fdt_value ranges = fdt_get(&tree->fdt, FDT_RANGES);
	uint32_t cells = ranges.size / 4;
	uint32_t row = cells % 6 ? 4 : 6;

	arm->vmbus_intid = tree_interrupt(tree, 0).intid;
	if (level->address_cells != 2 || level->size_cells != 2)
		return;
	for (uint32_t i = 0; i < ARRAY_COUNT(arm->vmbus_mmio); i++) {
		if ((i + 1) * row > cells)
			break;
		arm->vmbus_mmio[i] = (struct machine_range){
			fdt_cells(&ranges, i * row + row - 4, 2),
			fdt_cells(&ranges, i * row + row - 2, 2),
		};
	}
}
