/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/aarch64/probe/tree.c - which node is what, and the simple ones; see
 * tree.h */
#include "arch/aarch64/probe/tree.h"

#include "common/lib/console.h"
#include "common/lib/string.h"

/* Interrupt specifiers: bindings/interrupt-controller/arm,gic.yaml */
#define INTERRUPT_CELLS 3
#define INTERRUPT_SPI   0
#define INTERRUPT_PPI   1
#define INTERRUPT_EDGES 3
#define INTERRUPT_LOWS  (2 | 8)
#define INTID_PPI_BASE  16
#define INTID_SPI_BASE  32
#define KEY_POWER       116 /* Linux input-event-codes.h */
#define CELL_SIZE       4

struct tree_interrupt tree_interrupt(struct tree *tree, uint32_t index)
{
	const struct fdt *fdt = &tree->fdt;
	const struct fdt_value *interrupts = &fdt->values[FDT_INTERRUPTS];
	uint32_t parent = fdt->levels[fdt->depth].interrupt_parent;
	uint32_t cell = index * INTERRUPT_CELLS;
	uint32_t type, intid, flags, end;

	if (!fdt_has(fdt, FDT_INTERRUPTS))
		return (struct tree_interrupt){ 0 };
	/* The root's; if it has none, that of the first that has interrupts. */
	if (!tree->interrupt_parent)
		tree->interrupt_parent = parent;
	if (parent != tree->interrupt_parent ||
	    interrupts->size < (cell + INTERRUPT_CELLS) * CELL_SIZE)
		return (struct tree_interrupt){ 0 };
	type = fdt_cell(interrupts, cell);
	intid = fdt_cell(interrupts, cell + 1);
	flags = fdt_cell(interrupts, cell + 2);
	end = type == INTERRUPT_PPI ? INTID_SPI_BASE - INTID_PPI_BASE
	                            : TREE_INTID_END - INTID_SPI_BASE;
	if (type > INTERRUPT_PPI || intid >= end)
		fdt_refuse(fdt, FDT_INTERRUPTS, "neither an SPI nor a PPI");
	return (struct tree_interrupt){
		.intid = intid + (type == INTERRUPT_PPI ? INTID_PPI_BASE
		                                        : INTID_SPI_BASE),
		.is_edge = flags & INTERRUPT_EDGES,
		.is_active_low = flags & INTERRUPT_LOWS,
	};
}

/* By the first of its compatible strings that we know. */
static enum tree_kind find_compatible(const struct tree *tree)
{
	const struct fdt_value *value = &tree->fdt.values[FDT_COMPATIBLE];
	const char *string = fdt_string_at(value, 0);
	const char *end = (const char *)value->data + value->size;
	enum tree_kind kind = TREE_OTHER;

	for (; string && string != end; string += strlen(string) + 1) {
		kind = tree_find_compatible(
			string, tree->fdt.end - (const uint8_t *)string);
		if (kind != TREE_OTHER)
			break;
	}
	return kind;
}

/* cpu-map is in /cpus, which has neither type nor compatible string. */
static enum tree_kind find_cpu_group(const struct tree *tree)
{
	const struct fdt *fdt = &tree->fdt;
	enum tree_kind parent = tree->kinds[fdt->depth - 1];

	if (parent == TREE_CPU_MAP || parent == TREE_CPU_GROUP)
		return TREE_CPU_GROUP;
	if (fdt->depth == 3 && !strcmp(fdt_name(fdt), "cpu-map"))
		return TREE_CPU_MAP;
	return TREE_OTHER;
}

static enum tree_kind find_new_kind(struct tree *tree)
{
	const struct fdt *fdt = &tree->fdt;

	if (fdt_has(fdt, FDT_DEVICE_TYPE)) {
		const struct fdt_value *type = &fdt->values[FDT_DEVICE_TYPE];

		if (fdt_is_string(type, "cpu", sizeof("cpu")))
			return TREE_CPU;
		if (fdt_is_string(type, "memory", sizeof("memory")))
			return TREE_MEMORY;
	}
	if (fdt_has(fdt, FDT_COMPATIBLE))
		return find_compatible(tree);
	if (fdt->depth > 2)
		return find_cpu_group(tree);
	if (!strcmp(fdt_name(fdt), "chosen"))
		return TREE_CHOSEN;
	if (!strcmp(fdt_name(fdt), "aliases"))
		return TREE_ALIASES;
	if (!strcmp(fdt_name(fdt), "reserved-memory"))
		return TREE_RESERVED_MEMORY;
	return TREE_OTHER;
}

static void read_psci(struct tree *tree)
{
	const struct fdt_value method = fdt_get(&tree->fdt, FDT_METHOD);

	tree->machine->arm.psci_is_hvc = fdt_has_string(&method, "hvc");
	tree->machine->arm.has_psci = tree->machine->arm.psci_is_hvc ||
	                              fdt_has_string(&method, "smc");
}

static void add_flash(struct tree *tree)
{
	struct machine_arm *arm = &tree->machine->arm;

	for (uint32_t i = 0; i < ARRAY_COUNT(arm->flash); i++) {
		if (!fdt_get_reg(&tree->fdt, i, &arm->flash[i]))
			arm->flash[i].size = 0;
	}
}

/* A child of gpio-keys; only the key that turns the machine off matters. */
static void add_key(struct tree *tree)
{
	const struct fdt_value gpios = fdt_get(&tree->fdt, FDT_GPIOS);

	if (fdt_get_u32(&tree->fdt, FDT_LINUX_CODE, 0) != KEY_POWER ||
	    gpios.size < 2 * CELL_SIZE)
		return;
	tree->key_phandle = fdt_cell(&gpios, 0);
	tree->key_pin = fdt_cell(&gpios, 1);
}

/* A device with one range and at most one interrupt. */
static bool read_simple(struct tree *tree, struct machine_range *range,
                        uint32_t *intid)
{
	if (!fdt_get_reg(&tree->fdt, 0, range)) {
		range->size = 0;
		return false;
	}
	*intid = tree_interrupt(tree, 0).intid;
	return true;
}

static void add_fw_cfg(struct tree *tree)
{
	struct machine_range range;

	if (!fdt_get_reg(&tree->fdt, 0, &range))
		return;
	tree->machine->has_fw_cfg = true;
	tree->machine->fw_cfg_paddr = range.base;
	tree->machine->fw_cfg_size = range.size;
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
				fdt_get_u32(&tree->fdt, FDT_PHANDLE, 0);
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

/* The reservations of the tree's head: RAM that the kernel may map. */
static void read_reservations(struct tree *tree)
{
	const struct fdt_value list = {
		.data = tree->fdt.reservations,
		.size = (uint32_t)(tree->fdt.reservations_end -
		                   tree->fdt.reservations),
	};
	struct machine_range range;

	for (uint32_t i = 0; (i + 4) * CELL_SIZE <= list.size; i += 4) {
		range.base = fdt_cells(&list, i, 2);
		range.size = fdt_cells(&list, i + 2, 2);
		if (!range.size)
			return;
		tree_add_reserved(tree->machine, range, false);
	}
	panic("fdt: reservations: have no end");
}

/* Disabled devices are not ours; disabled CPUs are just not started yet. */
static bool is_enabled(const struct tree *tree)
{
	const struct fdt_value *status = &tree->fdt.values[FDT_STATUS];

	return !fdt_has(&tree->fdt, FDT_STATUS) ||
	       fdt_has_string(status, "okay") || fdt_has_string(status, "ok");
}

static enum tree_kind find_kind(struct tree *tree)
{
	enum tree_kind kind = find_new_kind(tree);

	if (kind != TREE_CPU && !is_enabled(tree))
		kind = TREE_DISABLED;
	tree->kinds[tree->fdt.depth] = kind;
	return kind;
}

/* What is something only by what it is in. */
static void read_child(struct tree *tree, enum tree_kind parent)
{
	if (parent == TREE_RESERVED_MEMORY)
		tree_add_reserved_memory(tree);
	else if (parent == TREE_GPIO_KEYS)
		add_key(tree);
}

static void read_node(struct tree *tree)
{
	const struct fdt *fdt = &tree->fdt;
	enum tree_kind kind = find_kind(tree);

	if (kind == TREE_VIRTIO_MMIO)
		tree_add_virtio_mmio(tree);
	else if (kind < TREE_COMPATIBLE_COUNT)
		add_device(tree, kind);
	else if (kind == TREE_CPU)
		tree_add_cpu(tree);
	else if (kind == TREE_CPU_GROUP)
		tree_add_cpu_group(tree);
	else if (kind == TREE_MEMORY)
		tree_add_memory(tree);
	else if (kind == TREE_CHOSEN)
		tree_read_chosen(tree);
	else if (kind == TREE_ALIASES)
		tree->serial0 = fdt_get(fdt, FDT_SERIAL0);
	else if (kind == TREE_OTHER)
		read_child(tree, tree->kinds[fdt->depth - 1]);
}

/* What any machine must have, lest the kernel die without a word. */
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
	fdt_open(&tree.fdt, base, available);
	read_reservations(&tree);

	if (!fdt_next(&tree.fdt))
		panic("fdt: nodes: none");
	tree.kinds[1] = TREE_OTHER;
	tree.interrupt_parent = tree.fdt.levels[1].interrupt_parent;
	while (fdt_next(&tree.fdt))
		read_node(&tree);

	check_machine(machine);
	machine->cpu_source = "device tree";
	if (tree.interrupt_parent && tree.interrupt_parent != tree.gic_phandle)
		panic("fdt: interrupts: parent %#x is not the GIC, %#x",
		      tree.interrupt_parent, tree.gic_phandle);
	arm->has_power_key = tree.key_phandle && arm->pl061.size &&
	                     tree.key_phandle == tree.pl061_phandle;
	arm->pl061_power_pin = tree.key_pin;
	tree_place_cpus(&tree);
	tree_choose_console(&tree);
	tree_finish_pci(&tree);
}
