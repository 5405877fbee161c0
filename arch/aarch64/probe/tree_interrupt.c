/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/aarch64/probe/tree_interrupt.c - reads interrupts, in the GIC's numbers
 *
 * The binding is interrupt-controller/arm,gic.yaml.
 */
#include "arch/aarch64/probe/tree_state.h"

#define INTERRUPT_CELLS 3
#define INTERRUPT_SPI   0
#define INTERRUPT_PPI   1
#define INTERRUPT_EDGES 3
#define INTERRUPT_LOWS  (2 | 8)
#define INTID_PPI_BASE  16
#define INTID_SPI_BASE  32
#define CELL_SIZE       4

struct tree_interrupt tree_interrupt(struct tree *tree, uint32_t index)
{
	const struct dt *dt = &tree->dt;
	const struct dt_value *interrupts = &dt->values[DT_INTERRUPTS];
	uint32_t parent = dt->levels[dt->depth].interrupt_parent;
	uint32_t cell = index * INTERRUPT_CELLS;
	uint32_t type, intid, flags, end;

	if (!dt_has(dt, DT_INTERRUPTS))
		return (struct tree_interrupt){ 0 };
	/* If the root names no parent, the first node with interrupts does. */
	if (!tree->interrupt_parent)
		tree->interrupt_parent = parent;
	if (parent != tree->interrupt_parent ||
	    interrupts->size < (cell + INTERRUPT_CELLS) * CELL_SIZE)
		return (struct tree_interrupt){ 0 };
	type = dt_cell(interrupts, cell);
	intid = dt_cell(interrupts, cell + 1);
	flags = dt_cell(interrupts, cell + 2);
	end = type == INTERRUPT_PPI ? INTID_SPI_BASE - INTID_PPI_BASE
	                            : TREE_INTID_END - INTID_SPI_BASE;
	if (type > INTERRUPT_PPI || intid >= end)
		dt_refuse(dt, DT_INTERRUPTS, "neither an SPI nor a PPI");
	return (struct tree_interrupt){
		.intid = intid + (type == INTERRUPT_PPI ? INTID_PPI_BASE
		                                        : INTID_SPI_BASE),
		.is_edge = flags & INTERRUPT_EDGES,
		.is_active_low = flags & INTERRUPT_LOWS,
	};
}
