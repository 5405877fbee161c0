/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/unit/small_tree.h - makes small device trees, each about one rule
 *
 *	small_tree_begin();
 *	small_tree_node("uart", "arm,pl011");
 *	ADD_CELLS("reg", 0, 0x9000000, 0, 0x1000);
 *	fdt_end_node(small_tree);
 *	small_tree_read();
 */
#ifndef TESTS_UNIT_SMALL_TREE_H
#define TESTS_UNIT_SMALL_TREE_H

#include <libfdt.h>

#include "common/machine/machine.h"

#define SMALL_TREE_SIZE 0x40000
#define PHANDLE_GIC     1
#define PHANDLE_ITS     2
#define INTID_OF_SPI    32
#define INTID_OF_PPI    16

extern uint8_t small_tree[SMALL_TREE_SIZE];
extern struct machine machine; /* what was read last */

void add_string(const char *name, const char *value);
void add_cells(const char *name, const uint32_t *cells, uint32_t count);

#define ADD_CELLS(name, ...)                                                   \
	add_cells(name, (const uint32_t[]){ __VA_ARGS__ },                     \
	          sizeof((const uint32_t[]){ __VA_ARGS__ }) / 4)

/* Begins a tree with what a machine must have: RAM, a CPU and a GIC. */
void small_tree_begin(void);
void small_tree_begin_without_gic(void);
void small_tree_begin_without_cpu(void);

/* Begins a node of the root. */
void small_tree_node(const char *name, const char *compatible);

/* Ends the tree. */
void small_tree_end(void);

/* Reads the tree into a machine that is clear. */
void small_tree_read(void);

#endif
