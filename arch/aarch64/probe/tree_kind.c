/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/aarch64/probe/tree_kind.c - tells what a node is */
#include "arch/aarch64/probe/tree_state.h"

#include "common/lib/string.h"

/*
 * The names are sorted and have the order of enum tree_kind; see
 * common/machine/dt_names.h.
 */
const char tree_compatibles[TREE_COMPATIBLE_COUNT][DT_NAME_SIZE] = {
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

/* The first of its compatible strings that we know decides. */
static enum tree_kind find_compatible(const struct tree *tree)
{
	const struct dt_value *value = &tree->dt.values[DT_COMPATIBLE];
	const char *string = dt_first_string(value);
	enum tree_kind kind = TREE_OTHER;

	for (; string && kind == TREE_OTHER;
	     string = dt_next_string(value, string))
		kind = (enum tree_kind)dt_find_name(
			tree_compatibles, TREE_COMPATIBLE_COUNT, string);
	return kind;
}

/* cpu-map is in /cpus. Its nodes have neither type nor compatible string. */
static enum tree_kind find_cpu_group(const struct tree *tree)
{
	const struct dt *dt = &tree->dt;
	enum tree_kind parent = tree->kinds[dt->depth - 1];

	if (parent == TREE_CPU_MAP || parent == TREE_CPU_GROUP)
		return TREE_CPU_GROUP;
	if (dt->depth == 3 && !strcmp(dt_name(dt), "cpu-map"))
		return TREE_CPU_MAP;
	return TREE_OTHER;
}

static enum tree_kind find_new_kind(struct tree *tree)
{
	const struct dt *dt = &tree->dt;

	if (dt_has(dt, DT_DEVICE_TYPE)) {
		const struct dt_value *type = &dt->values[DT_DEVICE_TYPE];

		if (dt_has_string(type, "cpu"))
			return TREE_CPU;
		if (dt_has_string(type, "memory"))
			return TREE_MEMORY;
	}
	if (dt_has(dt, DT_COMPATIBLE))
		return find_compatible(tree);
	if (dt->depth > 2)
		return find_cpu_group(tree);
	if (!strcmp(dt_name(dt), "chosen"))
		return TREE_CHOSEN;
	if (!strcmp(dt_name(dt), "aliases"))
		return TREE_ALIASES;
	if (!strcmp(dt_name(dt), "reserved-memory"))
		return TREE_RESERVED_MEMORY;
	return TREE_OTHER;
}

enum tree_kind tree_find_kind(struct tree *tree)
{
	enum tree_kind kind = find_new_kind(tree);

	/* A disabled CPU is only not started. */
	if (kind != TREE_CPU && !dt_is_enabled(&tree->dt))
		kind = TREE_DISABLED;
	tree->kinds[tree->dt.depth] = kind;
	return kind;
}
