/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/aarch64/probe/tree_passed.c - keeps nodes that only the kernel may know
 *
 * common/machine/passed.h has the rule.
 */
#include "arch/aarch64/probe/tree_state.h"

#define DEPTH_TOP       2
#define INTERRUPT_BYTES 12

static const enum dt_property kept[PASSED_PROPERTY_COUNT] = {
	DT_COMPATIBLE, DT_DMA_COHERENT, DT_INTERRUPT_NAMES,
	DT_INTERRUPTS, DT_REG,
};

/* These say nothing that the kernel's tree does not say by itself. */
static const uint64_t left_out =
	1ULL << DT_STATUS | 1ULL << DT_PHANDLE | 1ULL << DT_INTERRUPT_PARENT;

/* A kernel would read on behind a property whose last string has no end. */
static bool has_whole_strings(const struct dt *dt, enum dt_property property)
{
	const struct dt_value value = dt_get(dt, property);

	return !dt_has(dt, property) || dt_first_string(&value);
}

static bool stands_alone(const struct tree *tree)
{
	const struct dt *dt = &tree->dt;
	const struct dt_level *root = &dt->levels[DEPTH_TOP - 1];
	uint64_t known = left_out;

	for (uint32_t i = 0; i < PASSED_PROPERTY_COUNT; i++) {
		known |= 1ULL << kept[i];
		if (dt_get(dt, kept[i]).size > PASSED_VALUE_MAX)
			return false;
	}
	if (dt->present & ~known || !dt_has(dt, DT_COMPATIBLE) ||
	    dt_has_children(dt) || !has_whole_strings(dt, DT_COMPATIBLE) ||
	    !has_whole_strings(dt, DT_INTERRUPT_NAMES))
		return false;
	if (dt_has(dt, DT_REG) &&
	    (root->address_cells != 2 || root->size_cells != 2))
		return false;
	return !dt_has(dt, DT_INTERRUPTS) ||
	       (dt->levels[DEPTH_TOP].interrupt_parent ==
	                tree->interrupt_parent &&
	        dt_get(dt, DT_INTERRUPTS).size % INTERRUPT_BYTES == 0);
}

void tree_pass_on(struct tree *tree)
{
	struct machine_arm *arm = &tree->machine->arm;
	struct passed_node *node = &arm->passed[arm->passed_count];

	if (tree->dt.depth != DEPTH_TOP || arm->passed_count == PASSED_MAX ||
	    !stands_alone(tree))
		return;
	node->name = dt_name(&tree->dt);
	for (uint32_t i = 0; i < PASSED_PROPERTY_COUNT; i++) {
		const struct dt_value value = dt_get(&tree->dt, kept[i]);

		node->values[i] =
			(struct passed_value){ value.data, value.size };
	}
	arm->passed_count++;
}
