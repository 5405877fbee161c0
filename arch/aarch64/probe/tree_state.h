/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/aarch64/probe/tree_state.h - what the files that read a tree share
 *
 * tree_read() walks over the tree once, node by node. struct tree keeps what
 * can be understood only after the last node.
 */
#ifndef ARCH_AARCH64_PROBE_TREE_STATE_H
#define ARCH_AARCH64_PROBE_TREE_STATE_H

#include "common/machine/dt_facts.h"
#include "common/machine/machine.h"

#define TREE_PATH_MAX  4    /* nodes in the path of a UART */
#define TREE_INTID_END 1020 /* The GIC's SPIs end here. */

/* The first kinds are those that tree_kind.c knows by a compatible string. */
enum tree_kind {
	TREE_PMU,
	TREE_TIMER,
	TREE_GICV2,
	TREE_GIC400,
	TREE_V2M,
	TREE_GICV3,
	TREE_ITS,
	TREE_PL011,
	TREE_PL031,
	TREE_PL061,
	TREE_PSCI_0_2,
	TREE_PSCI_1_0,
	TREE_SBSA_UART,
	TREE_SMMUV3,
	TREE_FLASH,
	TREE_GPIO_KEYS,
	TREE_VMBUS,
	TREE_NS16550A,
	TREE_DISTANCES,
	TREE_PCI_CAM,
	TREE_PCI_ECAM,
	TREE_FW_CFG,
	TREE_VIRTIO_MMIO,
	TREE_COMPATIBLE_COUNT,
	TREE_OTHER = TREE_COMPATIBLE_COUNT,
	TREE_CPU,
	TREE_MEMORY,
	TREE_CHOSEN,
	TREE_ALIASES,
	TREE_RESERVED_MEMORY,
	TREE_CPU_MAP,
	TREE_CPU_GROUP, /* socket, cluster, core or thread in cpu-map */
	TREE_DISABLED,
};

/* These properties name the GIC, the ITS and the SMMU by phandle. */
struct tree_pci {
	struct dt_value interrupt_map;
	struct dt_value interrupt_map_mask;
	struct dt_value msi_map;
	struct dt_value iommu_map;
	uint32_t msi_parent;
};

/* This is a CPU in cpu-map. */
struct tree_place {
	uint32_t phandle;
	uint32_t place;
};

struct tree {
	struct machine *machine;
	bool has_ram;              /* from elsewhere */
	uint32_t interrupt_parent; /* the parent whose interrupts we read */
	uint32_t gic_phandle;
	uint32_t gic_address_cells;
	uint32_t gic_interrupt_cells;
	uint32_t its_phandle;
	uint32_t smmu_phandle;
	uint32_t pl061_phandle;
	uint32_t key_phandle; /* of the GPIO that the power key is at */
	uint32_t key_pin;
	struct dt_value stdout_path;
	struct dt_value serial0;
	enum tree_kind kinds[DT_DEPTH_MAX + 1];
	uint32_t place;       /* of the group that the walk is in */
	uint32_t place_count; /* CPUs in cpu-map */
	uint32_t slot_count;  /* of virtio-mmio */
	struct tree_pci pci[MACHINE_PCI_HOST_MAX];
	uint32_t cpu_phandles[MACHINE_CPU_MAX]; /* in machine->cpus' order */
	struct tree_place places[MACHINE_CPU_MAX];
	const char *uart_paths[MACHINE_UART_MAX][TREE_PATH_MAX];
	struct dt dt;
};

struct tree_interrupt {
	uint32_t intid; /* 0 if there is none */
	bool is_edge;
	bool is_active_low;
};

/* tree_kind.c: returns the node's kind, and notes it in tree->kinds. */
enum tree_kind tree_find_kind(struct tree *tree);

extern const HIDDEN char tree_compatibles[TREE_COMPATIBLE_COUNT][DT_NAME_SIZE];

/*
 * tree_interrupt.c: returns interrupt `index` of the node. Its intid is 0 if
 * the node has fewer interrupts, or if they are not at the GIC.
 */
struct tree_interrupt tree_interrupt(struct tree *tree, uint32_t index);

/* tree_cpus.c and tree_memory.c have these. */
void tree_add_cpu(struct tree *tree);
void tree_add_cpu_group(struct tree *tree);
void tree_place_cpus(struct tree *tree);
void tree_add_reserved(struct machine *machine, struct machine_range range,
                       bool is_no_map);
void tree_add_reserved_memory(struct tree *tree);
void tree_add_distances(struct tree *tree);
void tree_read_chosen(struct tree *tree);

/* tree_devices.c has these. */
void tree_add_gic(struct tree *tree, enum tree_kind kind);
void tree_add_timer(struct tree *tree);
void tree_add_uart(struct tree *tree, enum machine_uart_kind kind);
void tree_add_virtio_mmio(struct tree *tree);
void tree_add_smmu(struct tree *tree);
void tree_add_vmbus(struct tree *tree);
void tree_choose_console(struct tree *tree);
void tree_add_hyperv(struct tree *tree);

/*
 * tree_ranges.c: proves that RAM lies apart from devices, and no RAM twice.
 * Panics otherwise.
 */
void tree_check_ranges(const struct machine *machine);

/* tree_passed.c: keeps a node of an unknown kind, if it stands alone. */
void tree_pass_on(struct tree *tree);

/* tree_pci.c has these. */
void tree_add_pci(struct tree *tree, bool is_cam);
void tree_finish_pci(struct tree *tree);

#endif
