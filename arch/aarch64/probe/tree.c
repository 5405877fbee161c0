/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/aarch64/probe/tree.c - reads each node of the tree; see tree.h */
#include "arch/aarch64/probe/tree.h"

#include "arch/aarch64/probe/tree_state.h"
#include "common/image.h"
#include "common/lib/console.h"
#include "common/lib/string.h"

#define KEY_POWER 116 /* Linux input-event-codes.h */
#define CELL_SIZE 4

/* QEMU docs/specs/fw_cfg.rst: the registers end with that of DMA. */
#define FW_CFG_SIZE     24
#define FW_CFG_SIZE_MAX 0x10000

static void read_psci(struct tree *tree)
{
	const struct dt_value method = dt_get(&tree->dt, DT_METHOD);

	tree->machine->arm.psci_is_hvc = dt_has_string(&method, "hvc");
	tree->machine->arm.has_psci =
		tree->machine->arm.psci_is_hvc || dt_has_string(&method, "smc");
}

static void add_flash(struct tree *tree)
{
	struct machine_arm *arm = &tree->machine->arm;

	for (uint32_t i = 0; i < ARRAY_COUNT(arm->flash); i++) {
		if (!dt_get_reg(&tree->dt, i, &arm->flash[i]))
			arm->flash[i].size = 0;
	}
}

/*
 * Reads a child of gpio-keys. Only the key that turns the machine off matters.
 */
static void add_key(struct tree *tree)
{
	const struct dt_value gpios = dt_get(&tree->dt, DT_GPIOS);

	if (dt_get_u32(&tree->dt, DT_LINUX_CODE, 0) != KEY_POWER ||
	    gpios.size < 2 * CELL_SIZE)
		return;
	tree->key_phandle = dt_cell(&gpios, 0);
	tree->key_pin = dt_cell(&gpios, 1);
}

/* Reads a device with one range and at most one interrupt. */
static bool read_simple(struct tree *tree, struct machine_range *range,
                        uint32_t *intid)
{
	if (!dt_get_reg(&tree->dt, 0, range) || !range->size) {
		range->size = 0;
		return false;
	}
	*intid = tree_interrupt(tree, 0).intid;
	return true;
}

static void add_fw_cfg(struct tree *tree)
{
	struct machine_range range;

	if (!dt_get_reg(&tree->dt, 0, &range))
		return;
	if (range.size < FW_CFG_SIZE || range.size > FW_CFG_SIZE_MAX)
		dt_refuse(&tree->dt, DT_REG, "from 24 bytes to 64 KiB");
	tree->machine->fw_cfg.is_present = true;
	tree->machine->fw_cfg.paddr = range.base;
	tree->machine->fw_cfg.size = (uint32_t)range.size;
}

static void add_core_device(struct tree *tree, enum tree_kind kind)
{
	switch (kind) {
	case TREE_PMU:
		tree->machine->arm.pmu_intid = tree_interrupt(tree, 0).intid;
		break;
	case TREE_TIMER:
		tree_add_timer(tree);
		break;
	case TREE_GICV2:
	case TREE_GIC400:
	case TREE_GICV3:
	case TREE_V2M:
	case TREE_ITS:
		tree_add_gic(tree, kind);
		break;
	case TREE_PSCI_0_2:
	case TREE_PSCI_1_0:
		read_psci(tree);
		break;
	case TREE_SMMUV3:
		tree_add_smmu(tree);
		break;
	case TREE_DISTANCES:
		tree_add_distances(tree);
		break;
	default:
		break;
	}
}

static void add_device(struct tree *tree, enum tree_kind kind)
{
	struct machine_arm *arm = &tree->machine->arm;

	switch (kind) {
	case TREE_PL011:
		tree_add_uart(tree, MACHINE_UART_PL011);
		break;
	case TREE_SBSA_UART:
		tree_add_uart(tree, MACHINE_UART_SBSA);
		break;
	case TREE_NS16550A:
		tree_add_uart(tree, MACHINE_UART_16550_MMIO);
		break;
	case TREE_PL031:
		read_simple(tree, &arm->pl031, &arm->pl031_intid);
		break;
	case TREE_PL061:
		if (read_simple(tree, &arm->pl061, &arm->pl061_intid))
			tree->pl061_phandle =
				dt_get_u32(&tree->dt, DT_PHANDLE, 0);
		break;
	case TREE_FLASH:
		add_flash(tree);
		break;
	case TREE_VMBUS:
		tree_add_vmbus(tree);
		break;
	case TREE_PCI_CAM:
	case TREE_PCI_ECAM:
		tree_add_pci(tree, kind == TREE_PCI_CAM);
		break;
	case TREE_FW_CFG:
		add_fw_cfg(tree);
		break;
	default:
		add_core_device(tree, kind);
	}
}

/* Reads the reservations of the tree's head. The kernel may map this RAM. */
static void read_reservations(struct tree *tree)
{
	struct machine_range range;

	for (uint32_t i = 0; dt_get_reservation("fdt", tree->dt.fdt, i, &range);
	     i++)
		tree_add_reserved(tree->machine, range, false);
}

/*
 * Reads a node whose meaning depends on its parent alone, or is the kernel's
 * affair.
 */
static void read_child(struct tree *tree, enum tree_kind parent)
{
	if (parent == TREE_RESERVED_MEMORY)
		tree_add_reserved_memory(tree);
	else if (parent == TREE_GPIO_KEYS)
		add_key(tree);
	else
		tree_pass_on(tree);
}

/*
 * Other memory is none that the kernel is told of. The map that an IGVM file's
 * host has written comes before the tree that the file has brought.
 */
static void add_memory(struct tree *tree)
{
	const struct dt *dt = &tree->dt;
	struct machine_range range;

	if (tree->has_ram || !dt_is_ram(dt))
		return;
	for (uint32_t i = 0; dt_get_reg(dt, i, &range); i++)
		dt_add_memory(dt, tree->machine, &range);
}

static void read_node(struct tree *tree)
{
	const struct dt *dt = &tree->dt;
	enum tree_kind kind = tree_find_kind(tree);

	if (kind == TREE_DISABLED || igvm_take_node(tree->machine, dt))
		return;
	if (kind == TREE_VIRTIO_MMIO)
		tree_add_virtio_mmio(tree);
	else if (kind < TREE_COMPATIBLE_COUNT)
		add_device(tree, kind);
	else if (kind == TREE_CPU)
		tree_add_cpu(tree);
	else if (kind == TREE_CPU_GROUP)
		tree_add_cpu_group(tree);
	else if (kind == TREE_MEMORY)
		add_memory(tree);
	else if (kind == TREE_CHOSEN)
		tree_read_chosen(tree);
	else if (kind == TREE_ALIASES)
		tree->serial0 = dt_get(dt, DT_SERIAL0);
	else if (kind == TREE_OTHER)
		read_child(tree, tree->kinds[dt->depth - 1]);
}

/* Without these, the kernel would die without a message. */
static void check_machine(const struct machine *machine)
{
	if (!machine->ram_count)
		panic("fdt: memory: no RAM at all");
	if (!machine->cpu_count)
		panic("fdt: CPUs: none");
	if (machine->arm.gic_version == MACHINE_GIC_NONE)
		panic("fdt: interrupt controller: neither a GICv2 nor a GICv3");
}

void tree_read(struct machine *machine, const void *base, uint64_t available)
{
	struct machine_arm *arm = &machine->arm;
	struct tree tree;

	memset(&tree, 0, offsetof(struct tree, pci));
	tree.machine = machine;
	tree.has_ram = machine->ram_count != 0;
	dt_open(&tree.dt, base, available);
	read_reservations(&tree);

	if (!dt_next(&tree.dt))
		panic("fdt: nodes: none");
	tree.kinds[1] = TREE_OTHER;
	igvm_take_node(machine, &tree.dt);
	tree.interrupt_parent = tree.dt.levels[1].interrupt_parent;
	while (dt_next(&tree.dt))
		read_node(&tree);

	if (machine->host.is_hyperv)
		tree_add_hyperv(&tree);
	check_machine(machine);
	tree_check_ranges(machine);
	igvm_check_nodes(machine);
	machine->platform = MACHINE_PLATFORM_TREE;
	machine->cpu_source = "device tree";
	if (tree.interrupt_parent && tree.interrupt_parent != tree.gic_phandle)
		panic("fdt: interrupts: parent %#x is not the GIC, %#x",
		      tree.interrupt_parent, tree.gic_phandle);
	/* Interrupts of more cells would have to be written anew. */
	if (tree.gic_interrupt_cells != 3)
		arm->passed_count = 0;
	arm->has_power_key = tree.key_phandle && arm->pl061.size &&
	                     tree.key_phandle == tree.pl061_phandle;
	arm->pl061_power_pin = tree.key_pin;
	tree_place_cpus(&tree);
	tree_choose_console(&tree);
	tree_finish_pci(&tree);
}
