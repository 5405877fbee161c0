/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/aarch64/probe/tree_names.c - compatible strings; see
 * common/machine/name_index.h */
#include "arch/aarch64/probe/tree.h"

/* In the order of enum tree_kind. */
const char tree_compatibles[TREE_COMPATIBLE_COUNT][NAME_ROW_SIZE] = {
	"arm,armv8-pmuv3",
	"arm,armv8-timer",
	"arm,cortex-a15-gic",
	"arm,gic-400",
	"arm,gic-v2m-frame",
	"arm,gic-v3",
	"arm,gic-v3-its",
	"arm,pl011",
	"arm,pl031",
	"arm,pl061",
	"arm,psci-0.2",
	"arm,psci-1.0",
	"arm,sbsa-uart",
	"arm,smmu-v3",
	"cfi-flash",
	"gpio-keys",
	"microsoft,vmbus",
	"ns16550a",
	"numa-distance-map-v1",
	"pci-host-cam-generic",
	"pci-host-ecam-generic",
	"qemu,fw-cfg-mmio",
	"virtio,mmio",
};

static const struct name_index places = { {
	[2] = 1 + TREE_SMMUV3,        [11] = 1 + TREE_PSCI_1_0,
	[13] = 1 + TREE_V2M,          [23] = 1 + TREE_FW_CFG,
	[24] = 1 + TREE_GICV3,        [28] = 1 + TREE_VMBUS,
	[30] = 1 + TREE_GICV2,        [33] = 1 + TREE_PCI_CAM,
	[34] = 1 + TREE_PL061,        [43] = 1 + TREE_NS16550A,
	[52] = 1 + TREE_PL011,        [55] = 1 + TREE_TIMER,
	[71] = 1 + TREE_DISTANCES,    [76] = 1 + TREE_PSCI_0_2,
	[80] = 1 + TREE_GIC400,       [101] = 1 + TREE_FLASH,
	[102] = 1 + TREE_ITS,         [107] = 1 + TREE_PL031,
	[108] = 1 + TREE_PMU,         [119] = 1 + TREE_SBSA_UART,
	[121] = 1 + TREE_PCI_ECAM,    [122] = 1 + TREE_GPIO_KEYS,
	[124] = 1 + TREE_VIRTIO_MMIO,
} };

enum tree_kind tree_find_compatible(const char *name, uint64_t available)
{
	uint32_t row =
		name_index_find(&places, tree_compatibles[0], name, available);

	return row == NAME_UNKNOWN ? TREE_OTHER : (enum tree_kind)row;
}
