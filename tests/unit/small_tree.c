/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/unit/small_tree.c - makes small device trees; see small_tree.h */
#include "tests/unit/small_tree.h"

#include <string.h>

#include "arch/aarch64/probe/tree.h"
#include "tests/unit/test.h"

_Alignas(8) uint8_t small_tree[SMALL_TREE_SIZE];
struct machine machine;

void add_string(const char *name, const char *value)
{
	fdt_property(small_tree, name, value, (int)strlen(value) + 1);
}

void add_cells(const char *name, const uint32_t *cells, uint32_t count)
{
	void *place = NULL;

	fdt_property_placeholder(small_tree, name, (int)(count * 4), &place);
	for (uint32_t i = 0; i < count; i++)
		fdt32_st((fdt32_t *)place + i, cells[i]);
}

static void add_cpu(void)
{
	fdt_begin_node(small_tree, "cpus");
	ADD_CELLS("#address-cells", 1);
	fdt_begin_node(small_tree, "cpu");
	add_string("device_type", "cpu");
	ADD_CELLS("reg", 0);
	fdt_end_node(small_tree);
	fdt_end_node(small_tree);
}

static void add_gic(void)
{
	fdt_begin_node(small_tree, "gic");
	add_string("compatible", "arm,gic-v3");
	ADD_CELLS("reg", 0, 0x8000000, 0, 0x10000, 0, 0x80a0000, 0, 0x20000);
	ADD_CELLS("#interrupt-cells", 3);
	ADD_CELLS("#address-cells", 2);
	ADD_CELLS("#size-cells", 2);
	ADD_CELLS("phandle", PHANDLE_GIC);
	fdt_property(small_tree, "ranges", NULL, 0);
	fdt_begin_node(small_tree, "its");
	add_string("compatible", "arm,gic-v3-its");
	ADD_CELLS("reg", 0, 0x8080000, 0, 0x20000);
	ADD_CELLS("phandle", PHANDLE_ITS);
	fdt_end_node(small_tree);
	fdt_end_node(small_tree);
}

static void begin_root(void)
{
	fdt_create(small_tree, sizeof(small_tree));
	fdt_finish_reservemap(small_tree);
	fdt_begin_node(small_tree, "");
	ADD_CELLS("#address-cells", 2);
	ADD_CELLS("#size-cells", 2);
	ADD_CELLS("interrupt-parent", PHANDLE_GIC);
	fdt_begin_node(small_tree, "memory");
	add_string("device_type", "memory");
	ADD_CELLS("reg", 0, 0x40000000, 0, 0x10000000);
	fdt_end_node(small_tree);
}

void small_tree_begin_without_gic(void)
{
	begin_root();
	add_cpu();
}

void small_tree_begin_without_cpu(void)
{
	begin_root();
	add_gic();
}

void small_tree_begin(void)
{
	small_tree_begin_without_gic();
	add_gic();
}

void small_tree_node(const char *name, const char *compatible)
{
	fdt_begin_node(small_tree, name);
	add_string("compatible", compatible);
}

void small_tree_end(void)
{
	fdt_end_node(small_tree);
	EXPECT_EQ(fdt_finish(small_tree), 0);
}

void small_tree_read(void)
{
	memset(&machine, 0, MACHINE_CLEAR_SIZE);
	tree_read(&machine, small_tree, fdt_totalsize(small_tree));
}
