/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/aarch64/probe/tree_devices.c - reads GIC, timer, UARTs, virtio-mmio,
 * SMMU and VMBus
 */
#include "arch/aarch64/probe/tree_state.h"

#include "common/arch.h"
#include "common/lib/console.h"
#include "common/lib/string.h"
#include "common/machine/virtio_slots.h"

#define VIRTIO_MMIO_SIZE_MIN 0x100 /* VIRTIO 1.2 section 4.2.2 */
#define VIRTIO_MMIO_SIZE_MAX 0x200000

/*
 * What Hyper-V's trees leave out, as OpenHCL's boot shim has it
 * (openhcl_boot/src/dt.rs).
 */
#define HYPERV_GICD_BASE   0xffff0000
#define HYPERV_GICD_SIZE   0x10000
#define HYPERV_GICR_BASE   0xeffee000
#define HYPERV_GICR_SIZE   0x20000 /* for each CPU */
#define HYPERV_TIMER_INTID 20

/* No UART has more registers, whatever a tree says. */
#define UART_SIZE 0x1000

/* These are indices into reg; bindings/interrupt-controller/arm,gic.yaml. */
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
	if (!dt_get_reg(&tree->dt, GICV2_DISTRIBUTOR, &arm->gicd) ||
	    !dt_get_reg(&tree->dt, GICV2_CPU_INTERFACE, &arm->gicc))
		dt_refuse(&tree->dt, DT_REG, "a GICv2 has two ranges");
	if (!dt_get_reg(&tree->dt, GICV2_HYPERVISOR, &arm->gich) ||
	    !dt_get_reg(&tree->dt, GICV2_VIRTUAL, &arm->gicv))
		arm->gich.size = arm->gicv.size = 0;
}

/*
 * arm,gic-v3.yaml: the ranges are distributor, redistributor regions, GICC,
 * GICH and GICV.
 */
static void add_gicv3(struct tree *tree)
{
	struct machine_arm *arm = &tree->machine->arm;
	uint32_t count = dt_get_u32(&tree->dt, DT_REDISTRIBUTOR_REGIONS, 1);

	arm->gic_version = MACHINE_GIC_V3;
	if (count < 1 || count > MACHINE_GICR_MAX)
		dt_refuse(&tree->dt, DT_REDISTRIBUTOR_REGIONS, "from 1 to 8");
	if (!dt_get_reg(&tree->dt, 0, &arm->gicd))
		dt_refuse(&tree->dt, DT_REG, "no distributor");
	for (uint32_t i = 0; i < count; i++) {
		if (!dt_get_reg(&tree->dt, 1 + i, &arm->gicr[i]))
			dt_refuse(&tree->dt, DT_REG, "no redistributors");
	}
	arm->gicr_count = count;
	arm->gicr_stride = dt_get_u64(&tree->dt, DT_REDISTRIBUTOR_STRIDE, 0);
	if (!dt_get_reg(&tree->dt, 1 + count, &arm->gicc) ||
	    !dt_get_reg(&tree->dt, 2 + count, &arm->gich) ||
	    !dt_get_reg(&tree->dt, 3 + count, &arm->gicv))
		arm->gicc.size = arm->gich.size = arm->gicv.size = 0;
}

void tree_add_gic(struct tree *tree, enum tree_kind kind)
{
	struct machine_arm *arm = &tree->machine->arm;
	struct dt *dt = &tree->dt;

	switch (kind) {
	case TREE_V2M:
		if (!dt_get_reg(dt, 0, &arm->v2m))
			arm->v2m.size = 0;
		arm->v2m_spi_base = dt_get_u32(dt, DT_MSI_BASE_SPI, 0);
		arm->v2m_spi_count = dt_get_u32(dt, DT_MSI_NUM_SPIS, 0);
		return;
	case TREE_ITS:
		if (!dt_get_reg(dt, 0, &arm->its))
			arm->its.size = 0;
		tree->its_phandle = dt_get_u32(dt, DT_PHANDLE, 0);
		return;
	case TREE_GICV3:
		add_gicv3(tree);
		break;
	default:
		add_gicv2(tree);
	}
	tree->gic_phandle = dt_get_u32(dt, DT_PHANDLE, 0);
	tree->gic_address_cells = dt_get_u32(dt, DT_ADDRESS_CELLS, 0);
	tree->gic_interrupt_cells = dt_get_u32(dt, DT_INTERRUPT_CELLS, 0);
	if (tree->gic_interrupt_cells < 3)
		dt_refuse(dt, DT_INTERRUPT_CELLS, "must be at least 3");
	arm->maintenance_intid = tree_interrupt(tree, 0).intid;
}

/*
 * bindings/timer/arm,arch_timer.yaml: interrupts without names are in the order
 * of `names`.
 */
void tree_add_timer(struct tree *tree)
{
	static const char names[][12] = {
		"sec-phys", "phys", "virt", "hyp-phys", "hyp-virt",
	};
	struct machine_arm *arm = &tree->machine->arm;
	const struct dt_value named = dt_get(&tree->dt, DT_INTERRUPT_NAMES);
	const char *name = dt_first_string(&named);
	struct tree_interrupt interrupt;

	static_assert(ARRAY_COUNT(names) == ARRAY_COUNT(arm->timer_intid),
	              "machine.h: timer_intid");
	for (uint32_t i = 0; i < ARRAY_COUNT(names); i++) {
		uint32_t slot = i;

		for (uint32_t j = 0; name && j < ARRAY_COUNT(names); j++) {
			if (!strcmp(name, names[j]))
				slot = j;
		}
		if (name)
			name = dt_next_string(&named, name);
		interrupt = tree_interrupt(tree, i);
		if (!interrupt.intid)
			break;
		arm->timer_intid[slot] = interrupt.intid;
		arm->timer_is_active_low = interrupt.is_active_low;
	}
	arm->timer_is_always_on = dt_has(&tree->dt, DT_ALWAYS_ON);
}

void tree_add_uart(struct tree *tree, enum machine_uart_kind kind)
{
	struct machine *machine = tree->machine;
	const struct dt *dt = &tree->dt;
	struct machine_uart *uart = &machine->uarts[machine->uart_count];
	struct tree_interrupt interrupt = tree_interrupt(tree, 0);
	struct machine_range range;

	if (machine->uart_count == MACHINE_UART_MAX ||
	    !dt_get_reg(dt, 0, &range) || !range.size)
		return;
	if (!machine->uart_count) /* The console uses it from now on. */
		arch_map_device(range.base, UART_SIZE);
	*uart = (struct machine_uart){
		.kind = kind,
		.gsi = interrupt.intid,
		.is_edge = interrupt.is_edge,
		.baud = dt_get_u32(dt, DT_CURRENT_SPEED, 0),
		.clock_hz = dt_get_u32(dt, DT_CLOCK_FREQUENCY, 0),
		.reg_shift = dt_get_u32(dt, DT_REG_SHIFT, 0),
		.base = range.base,
		.size = range.size,
	};
	if (uart->reg_shift > 3)
		dt_refuse(dt, DT_REG_SHIFT, "from 0 to 3");
	for (uint32_t i = 0; i < TREE_PATH_MAX; i++)
		tree->uart_paths[machine->uart_count][i] =
			i + 2 <= dt->depth ? dt->levels[i + 2].name : NULL;
	machine->uart_count++;
}

/*
 * Tells whether the path consists of these names: "/a/b", with or without
 * options after a colon.
 */
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

/*
 * Makes the UART that stdout-path names uarts[0], which is the console. Without
 * such a UART, the tree's first stays there.
 */
void tree_choose_console(struct tree *tree)
{
	struct machine *machine = tree->machine;
	const char *path = dt_first_string(&tree->stdout_path);
	struct machine_uart first = machine->uarts[0];

	if (path && *path != '/')
		path = dt_first_string(&tree->serial0);
	for (uint32_t i = 1; path && i < machine->uart_count; i++) {
		if (!is_path(path, tree->uart_paths[i]))
			continue;
		arch_map_device(machine->uarts[i].base, UART_SIZE);
		machine->uarts[0] = machine->uarts[i];
		machine->uarts[i] = first;
		return;
	}
}

void tree_add_virtio_mmio(struct tree *tree)
{
	struct tree_interrupt interrupt = tree_interrupt(tree, 0);
	struct machine_virtio_mmio slot = { 0 };
	struct machine_range range;

	if (!dt_get_reg(&tree->dt, 0, &range) ||
	    range.size < VIRTIO_MMIO_SIZE_MIN ||
	    range.size > VIRTIO_MMIO_SIZE_MAX || !interrupt.intid)
		return;
	if (tree->slot_count++ == MACHINE_VIRTIO_MMIO_MAX)
		panic("fdt: virtio-mmio: more than %u",
		      MACHINE_VIRTIO_MMIO_MAX);
	slot.paddr = range.base;
	slot.size = (uint32_t)range.size;
	slot.gsi = interrupt.intid;
	slot.is_edge = interrupt.is_edge;
	virtio_slots_add(tree->machine, &slot);
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
	const struct dt_value named = dt_get(&tree->dt, DT_INTERRUPT_NAMES);
	const char *name = dt_first_string(&named);

	if (!dt_get_reg(&tree->dt, 0, &arm->smmuv3)) {
		arm->smmuv3.size = 0;
		return;
	}
	tree->smmu_phandle = dt_get_u32(&tree->dt, DT_PHANDLE, 0);
	arm->smmuv3_is_coherent = dt_is_coherent(&tree->dt);
	for (uint32_t i = 0; name; i++, name = dt_next_string(&named, name)) {
		for (uint32_t j = 0; j < ARRAY_COUNT(names); j++) {
			if (!strcmp(name, names[j]))
				arm->smmuv3_intid[j] =
					tree_interrupt(tree, i).intid;
		}
	}
}

/*
 * bindings/bus/microsoft,vmbus.yaml: ranges has the addresses that VMBus may
 * assign. In some trees a row has child address, parent address and size, in
 * others only address and size, of two cells each.
 */
void tree_add_vmbus(struct tree *tree)
{
	struct machine_vmbus *vmbus = &tree->machine->vmbus;
	const struct dt_level *level = &tree->dt.levels[tree->dt.depth];
	const struct dt_value ranges = dt_get(&tree->dt, DT_RANGES);
	uint32_t cells = ranges.size / 4;
	uint32_t row = cells % 6 ? 4 : 6;

	vmbus->intid = tree_interrupt(tree, 0).intid;
	vmbus->is_present = vmbus->intid != 0;
	if (level->address_cells != 2 || level->size_cells != 2)
		return;
	for (uint32_t i = 0; i < ARRAY_COUNT(vmbus->mmio); i++) {
		if ((i + 1) * row > cells)
			break;
		vmbus->mmio[i] = (struct machine_range){
			dt_cells(&ranges, i * row + row - 4, 2),
			dt_cells(&ranges, i * row + row - 2, 2),
		};
		if (!is_within(vmbus->mmio[i].base, vmbus->mmio[i].size,
		               MACHINE_ADDRESS_END))
			dt_refuse(&tree->dt, DT_RANGES,
			          "beyond the address space");
	}
}

/* Only the virtual timer has an interrupt there. */
void tree_add_hyperv(struct tree *tree)
{
	struct machine *machine = tree->machine;
	struct machine_arm *arm = &machine->arm;

	if (arm->gic_version == MACHINE_GIC_NONE) {
		arm->gic_version = MACHINE_GIC_V3;
		arm->gicd = (struct machine_range){ HYPERV_GICD_BASE,
			                            HYPERV_GICD_SIZE };
		arm->gicr[0] = (struct machine_range){
			HYPERV_GICR_BASE,
			machine->cpu_count * HYPERV_GICR_SIZE,
		};
		arm->gicr_count = 1;
		tree->gic_interrupt_cells = 3;
	}
	if (!arm->has_psci)
		arm->has_psci = arm->psci_is_hvc = true;
	if (!arm->timer_intid[2]) {
		arm->timer_intid[2] = HYPERV_TIMER_INTID;
		arm->timer_is_active_low = true;
	}
}
