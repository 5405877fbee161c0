/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/unit/test_passed.c - nodes of the VMM's tree that the blob passes on */
#include <stdlib.h>
#include <string.h>

#include <libfdt.h>

#include "arch/aarch64/describe/dt_build.h"
#include "arch/aarch64/probe/tree.h"
#include "tests/unit/test.h"
#include "tests/unit/trees.h"

#define NODE "/hypervisor"

static _Alignas(8) uint8_t given[0x8000], result[0x20000];
static struct machine machine;
static struct guest guest;

/* Loads Xen's tree, with room for changes; returns the offset of its node. */
static int load(void)
{
	struct trees_blob blob = trees_load("xen");

	EXPECT_EQ(fdt_open_into(blob.data, given, sizeof(given)), 0);
	free(blob.data);
	return fdt_path_offset(given, NODE);
}

/* Returns the offset of the node in the tree for the kernel, or an error. */
static int pass_on(void)
{
	static char cmdline[] = "quiet";

	guest.cmdline.text = cmdline;
	guest.cmdline.size = sizeof(cmdline) - 1;
	memset(&machine, 0, MACHINE_CLEAR_SIZE);
	tree_read(&machine, given, fdt_totalsize(given));
	dt_build_full(&machine, &guest, result, sizeof(result));
	EXPECT_EQ(fdt_check_full(result, fdt_totalsize(result)), 0);
	return fdt_path_offset(result, NODE);
}

static void expect_same(int node, int wanted, const char *name)
{
	int size, wanted_size;
	const void *value = fdt_getprop(result, node, name, &size);
	const void *other = fdt_getprop(given, wanted, name, &wanted_size);

	EXPECT_EQ(size, wanted_size);
	EXPECT(value && other && !memcmp(value, other, (size_t)size));
}

static void xen_node_is_passed_on(void)
{
	int wanted = load();
	int node = pass_on();

	EXPECT(node > 0);
	expect_same(node, wanted, "compatible");
	expect_same(node, wanted, "reg");
	expect_same(node, wanted, "interrupts");
	EXPECT(!fdt_getprop(result, node, "interrupt-parent", NULL));
	EXPECT(!fdt_getprop(result, node, "dma-coherent", NULL));
	EXPECT_EQ(machine.arm.passed_count, 1);
}

/* Such a property may hold a phandle, which has another meaning in our tree. */
static void node_with_unknown_property_is_not(void)
{
	fdt_setprop_u32(given, load(), "clocks", 1);
	EXPECT(pass_on() < 0);
}

/*
 * Of what the blob knows, only these are copied, or mean nothing else in the
 * kernel's tree.
 */
static void node_has_known_properties_only(void)
{
	static const char *const good[] = {
		"compatible",
		"dma-coherent",
		"interrupt-names",
		"interrupts",
		"reg",
		"status",
		"phandle",
		"interrupt-parent",
	};

	for (uint32_t i = 0; i < DT_PROPERTY_COUNT; i++) {
		const char *name = dt_property_name(i);
		int node = load();
		bool is_good = false;

		for (uint32_t j = 0; j < ARRAY_COUNT(good); j++)
			is_good |= !strcmp(name, good[j]);
		if (!strcmp(name, "status"))
			fdt_setprop_string(given, node, name, "okay");
		else if (!strcmp(name, "phandle"))
			fdt_setprop_u32(given, node, name, 0x77);
		else if (!strcmp(name, "interrupt-names"))
			fdt_setprop_string(given, node, name, "event");
		else if (!strcmp(name, "interrupt-parent"))
			fdt_setprop_u32(
				given, node, name,
				fdt32_ld(fdt_getprop(given, 0, name, NULL)));
		else if (!fdt_getprop(given, node, name, NULL))
			fdt_setprop_u32(given, node, name, 0);
		EXPECT_EQ(pass_on() > 0, is_good);
	}
}

static void node_with_children_is_not(void)
{
	fdt_add_subnode(given, load(), "child");
	EXPECT(pass_on() < 0);
}

static void node_without_compatible_is_not(void)
{
	fdt_delprop(given, load(), "compatible");
	EXPECT(pass_on() < 0);
}

/* The kernel would read on behind the property. */
static void node_with_a_string_without_end_is_not(void)
{
	fdt_setprop(given, load(), "compatible", "xen,xen", 7);
	EXPECT(pass_on() < 0);
	fdt_setprop(given, load(), "compatible", "", 0);
	EXPECT(pass_on() < 0);
	fdt_setprop(given, load(), "interrupt-names", "event", 5);
	EXPECT(pass_on() < 0);
	fdt_setprop(given, load(), "interrupt-names", "event", 6);
	EXPECT(pass_on() > 0);
}

static void disabled_node_is_not(void)
{
	fdt_setprop_string(given, load(), "status", "disabled");
	EXPECT(pass_on() < 0);
}

static void node_of_other_interrupts_is_not(void)
{
	fdt_setprop_u32(given, load(), "interrupt-parent", 7);
	EXPECT(pass_on() < 0);
	fdt_setprop_u32(given, load(), "interrupts", 15);
	EXPECT(pass_on() < 0);
	/* Of no interrupts, it does not matter whose they would be. */
	fdt_setprop_u32(given, load(), "interrupt-parent", 7);
	fdt_delprop(given, fdt_path_offset(given, NODE), "interrupts");
	EXPECT(pass_on() > 0);
	load();
	fdt_setprop_u32(given,
	                fdt_path_offset(given, "/interrupt-controller@3001000"),
	                "#interrupt-cells", 4);
	EXPECT(pass_on() < 0);
}

static void node_below_a_bus_is_not(void)
{
	int bus;

	fdt_del_node(given, load());
	bus = fdt_add_subnode(given, 0, "bus");
	fdt_setprop_string(given, fdt_add_subnode(given, bus, "hypervisor"),
	                   "compatible", "xen,xen");
	EXPECT(pass_on() < 0);
	EXPECT_EQ(machine.arm.passed_count, 0);
}

/* Leaves out one cell of each address and size that the root's nodes have. */
static void leave_out_cell(const char *name, int cell)
{
	static fdt32_t cells[16];
	int node, size;

	load();
	fdt_setprop_u32(given, 0, name, 1);
	fdt_for_each_subnode(node, given, 0)
	{
		const fdt32_t *reg = fdt_getprop(given, node, "reg", &size);
		int count = 0;

		for (int i = 0; reg && i < size / 4; i++) {
			if (i % 4 != cell)
				cells[count++] = reg[i];
		}
		if (reg)
			fdt_setprop(given, node, "reg", cells, count * 4);
	}
}

/* The kernel's tree has two cells for each, and the reg is copied. */
static void node_of_other_cells_is_not(void)
{
	leave_out_cell("#size-cells", 2);
	EXPECT(pass_on() < 0);
	EXPECT_EQ(machine.ram[0].size, 0x20000000);
	leave_out_cell("#address-cells", 0);
	EXPECT(pass_on() < 0);
	EXPECT_EQ(machine.ram[0].base, 0x40000000);
	/* Without a reg it does not matter. */
	fdt_delprop(given, fdt_path_offset(given, NODE), "reg");
	EXPECT(pass_on() > 0);
}

static void values_and_nodes_are_bounded(void)
{
	static char name[] = "nodeX", text[PASSED_VALUE_MAX + 1];

	memset(text, 'a', PASSED_VALUE_MAX);
	fdt_setprop(given, load(), "compatible", text, sizeof(text));
	EXPECT(pass_on() < 0);
	fdt_setprop(given, load(), "compatible", text + 1, sizeof(text) - 1);
	EXPECT(pass_on() > 0);

	load();
	for (unsigned i = 0; i < PASSED_MAX + 3; i++) {
		name[4] = (char)('a' + i);
		fdt_setprop_string(given, fdt_add_subnode(given, 0, name),
		                   "compatible", "vmm,thing");
	}
	pass_on();
	EXPECT_EQ(machine.arm.passed_count, PASSED_MAX);
}

int main(int argc, char **argv)
{
	(void)argc;
	trees_init(argv[0]);
	RUN(xen_node_is_passed_on);
	RUN(node_with_unknown_property_is_not);
	RUN(node_has_known_properties_only);
	RUN(node_with_children_is_not);
	RUN(node_without_compatible_is_not);
	RUN(node_with_a_string_without_end_is_not);
	RUN(disabled_node_is_not);
	RUN(node_of_other_interrupts_is_not);
	RUN(node_below_a_bus_is_not);
	RUN(node_of_other_cells_is_not);
	RUN(values_and_nodes_are_bounded);
	return test_status();
}
