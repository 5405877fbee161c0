/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/unit/test_fdt_hostile.c - trees of 2 MiB that are made to take long
 *
 * Each tree is used as a description of the machine and as a tree for the
 * kernel. Both take less than two seconds, with sanitizers.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <libfdt.h>

#include "arch/aarch64/describe/dt_build.h"
#include "arch/aarch64/probe/tree.h"
#include "tests/unit/test.h"
#include "tests/unit/trees.h"

#define SIZE        0x200000
#define SECONDS_MAX 2

static _Alignas(8) uint8_t tree[SIZE], given[SIZE];
static char big[SIZE];
static struct machine machine;
static char cmdline[1];
static struct guest guest = { .cmdline = { .text = cmdline } };

/* libfdt would take long, too, if it searched earlier names. */
static void begin(void)
{
	fdt_create_with_flags(tree, sizeof(tree),
	                      FDT_CREATE_FLAG_NO_NAME_DEDUP);
	fdt_finish_reservemap(tree);
	fdt_begin_node(tree, "");
	fdt_property_u32(tree, "#address-cells", 2);
	fdt_property_u32(tree, "#size-cells", 2);
	fdt_property_u32(tree, "interrupt-parent", 1);
}

static void add_string(const char *name, const char *value)
{
	fdt_property(tree, name, value, (int)strlen(value) + 1);
}

/* Every machine must have these nodes. */
static void add_basics(void)
{
	static const uint8_t ram[16] = { [3] = 1, [12] = 1 };
	static const uint8_t gic[32] = {
		[3] = 2, [13] = 1, [19] = 3, [29] = 1
	};

	fdt_begin_node(tree, "memory");
	add_string("device_type", "memory");
	fdt_property(tree, "reg", ram, sizeof(ram));
	fdt_end_node(tree);
	fdt_begin_node(tree, "cpus");
	fdt_property_u32(tree, "#address-cells", 1);
	fdt_begin_node(tree, "cpu");
	add_string("device_type", "cpu");
	fdt_property_u32(tree, "reg", 0);
	fdt_end_node(tree);
	fdt_end_node(tree);
	fdt_begin_node(tree, "gic");
	add_string("compatible", "arm,gic-400");
	fdt_property(tree, "reg", gic, sizeof(gic));
	fdt_property_u32(tree, "#interrupt-cells", 3);
	fdt_property_u32(tree, "phandle", 1);
	fdt_end_node(tree);
}

/* Returns the line of the refusal, or "" if the tree can be read. */
static const char *read_tree(void)
{
	memset(&machine, 0, MACHINE_CLEAR_SIZE);
	if (setjmp(*test_catch_panic()) != 0)
		return test_console();
	tree_read(&machine, tree, fdt_totalsize(tree));
	test_release_panic();
	return "";
}

static void copy_tree(void)
{
	if (setjmp(*test_catch_panic()) != 0)
		return;
	dt_build_given(&machine, &guest, tree, fdt_totalsize(tree), given,
	               sizeof(given));
	test_release_panic();
}

static double seconds(void)
{
	return (double)clock() / CLOCKS_PER_SEC;
}

/* Tries both uses of the tree. */
static void expect_in_time(const char *line)
{
	double start = seconds();
	const char *said = read_tree();

	if (!strstr(said, line) || (!*line && *said))
		EXPECT_STR(said, line);
	EXPECT(seconds() - start < SECONDS_MAX);
	start = seconds();
	copy_tree();
	EXPECT(seconds() - start < SECONDS_MAX);
}

static void finish(const char *line)
{
	fdt_end_node(tree);
	EXPECT_EQ(fdt_finish(tree), 0);
	expect_in_time(line);
}

/* Adds a node of that kind with a property of `size` bytes. */
static void expect_giant(const char *compatible, const char *name, int size,
                         const char *line)
{
	begin();
	add_basics();
	fdt_begin_node(tree, "giant");
	add_string("compatible", compatible);
	fdt_property(tree, "reg", "\0\0\0\0\1\0\0\0\0\0\0\0\0\1\0", 16);
	EXPECT_EQ(fdt_property(tree, name, big, size), 0);
	fdt_end_node(tree);
	finish(line);
}

static void one_giant_property_is_read(void)
{
	const int size = SIZE - 0x800;

	memset(big, 0, sizeof(big));
	expect_giant("none of ours", "whatever", size, "");
	expect_giant("arm,smmu-v3", "interrupt-names", size, "");
	expect_giant("arm,armv8-timer", "interrupt-names", size, "");
	for (int i = 11; i < size; i += 12)
		big[i] = 10; /* from node 0 to itself */
	expect_giant("numa-distance-map-v1", "distance-matrix", size, "");
	memset(big, 0, sizeof(big));
	expect_giant("microsoft,vmbus", "ranges", size, "");
	expect_giant("gpio-keys", "status", size, "");
	begin();
	EXPECT_EQ(fdt_property(tree, "compatible", big, size), 0);
	add_basics();
	finish("");
	begin();
	add_basics();
	fdt_begin_node(tree, "memory@2");
	add_string("device_type", "memory");
	EXPECT_EQ(fdt_property(tree, "reg", big, size & ~15), 0);
	fdt_end_node(tree);
	finish("");
}

/* A PCI host's maps have a hundred thousand rows that lead nowhere. */
static void giant_maps_are_read(void)
{
	const int size = 0x80000;

	begin();
	add_basics();
	fdt_begin_node(tree, "pci");
	add_string("compatible", "pci-host-ecam-generic");
	fdt_property(tree, "reg", "\0\0\0\0\1\0\0\0\0\0\0\0\0\x10\0", 16);
	fdt_property_u32(tree, "#address-cells", 3);
	fdt_property_u32(tree, "#size-cells", 2);
	EXPECT_EQ(fdt_property(tree, "interrupt-map", big, size), 0);
	EXPECT_EQ(fdt_property(tree, "msi-map", big, size), 0);
	EXPECT_EQ(fdt_property(tree, "ranges", big, size / 28 * 28), 0);
	fdt_end_node(tree);
	finish("");
}

static void many_tiny_properties_are_read(void)
{
	begin();
	while (fdt_property(tree, "x", NULL, 0) == 0 &&
	       fdt_size_dt_struct(tree) < SIZE * 3 / 4)
		;
	add_basics();
	finish("");
}

/* All names are in one string of a megabyte, and overlap. */
static void names_without_an_end_are_read(void)
{
	const uint32_t nodes_size = 0x100000, head = 56;
	struct fdt_header *header = (struct fdt_header *)tree;
	fdt32_t *cell = (fdt32_t *)(tree + head);

	memset(tree, 'r', sizeof(tree));
	memset(header, 0, head);
	header->magic = cpu_to_fdt32(FDT_MAGIC);
	header->totalsize = cpu_to_fdt32(SIZE);
	header->off_dt_struct = cpu_to_fdt32(head);
	header->off_dt_strings = cpu_to_fdt32(head + nodes_size);
	header->off_mem_rsvmap = cpu_to_fdt32(40);
	header->version = cpu_to_fdt32(17);
	header->last_comp_version = cpu_to_fdt32(16);
	header->size_dt_strings = cpu_to_fdt32(SIZE - head - nodes_size);
	header->size_dt_struct = cpu_to_fdt32(nodes_size);
	tree[SIZE - 1] = 0;
	*cell++ = cpu_to_fdt32(FDT_BEGIN_NODE);
	*cell++ = 0;
	for (uint32_t i = 0; i < (nodes_size - 16) / 12; i++) {
		*cell++ = cpu_to_fdt32(FDT_PROP);
		*cell++ = 0;
		*cell++ = cpu_to_fdt32(i % 3 * 40000);
	}
	*cell++ = cpu_to_fdt32(FDT_END_NODE);
	*cell++ = cpu_to_fdt32(FDT_END);
	expect_in_time("fdt: memory: no RAM at all");
}

static void many_tiny_nodes_are_read(void)
{
	begin();
	while (fdt_begin_node(tree, "n") == 0 && fdt_end_node(tree) == 0 &&
	       fdt_size_dt_struct(tree) < SIZE * 3 / 4)
		;
	add_basics();
	finish("");
}

static void the_name_of_a_node_is_limited(void)
{
	memset(big, 'n', sizeof(big));
	for (int size = 255; size < SIZE / 2; size = size * 4 + 1) {
		big[size] = 0;
		begin();
		fdt_begin_node(tree, big);
		fdt_property_u32(tree, "#size-cells", 0);
		fdt_end_node(tree);
		add_basics();
		finish(size == 255 ? "" : "fdt: nodes: name of ");
		big[size] = 'n';
	}
	memset(big, 0, sizeof(big));
}

/* Makes devices on a bus with so many ranges, none of which has them. */
static void make_bus(int range_count)
{
	begin();
	add_basics();
	fdt_begin_node(tree, "bus");
	fdt_property_u32(tree, "#address-cells", 1);
	fdt_property_u32(tree, "#size-cells", 1);
	EXPECT_EQ(fdt_property(tree, "ranges", big, range_count * 16), 0);
	while (fdt_size_dt_struct(tree) < SIZE * 3 / 5) {
		fdt_begin_node(tree, "n");
		add_string("compatible", "arm,pl031");
		fdt_property(tree, "reg", "\1\0\0\0\0\0\0\1", 8);
		fdt_end_node(tree);
	}
	fdt_end_node(tree);
}

static void ranges_of_a_bus_are_limited(void)
{
	make_bus(64);
	finish("");
	make_bus(0x10000);
	finish("fdt: bus: ranges of 0x100000 bytes: 4 cells each, at most 64");
}

/*
 * A node's reg has half a million empty ranges, behind buses of which each has
 * the address in the last of 64 ranges.
 */
static void make_deep_bus(const char *type_name, const char *type)
{
	fdt32_t ranges[64 * 3];

	begin();
	add_basics();
	for (int depth = 0; depth < 13; depth++) {
		int cells = depth ? 2 : 3; /* the root has two for addresses */

		memset(ranges, 0, sizeof(ranges));
		for (int row = 0; row < 63; row++)
			ranges[row * cells] = cpu_to_fdt32(1);
		fdt_begin_node(tree, "bus");
		fdt_property_u32(tree, "#address-cells", 1);
		fdt_property_u32(tree, "#size-cells", 0);
		fdt_property(tree, "ranges", ranges, 64 * cells * 4);
	}
	fdt_begin_node(tree, "n");
	add_string(type_name, type);
	EXPECT_EQ(fdt_property(tree, "reg", big, SIZE / 4 * 3), 0);
	fdt_end_node(tree);
	for (int depth = 0; depth < 13; depth++)
		fdt_end_node(tree);
}

static void deep_buses_are_limited(void)
{
	make_deep_bus("device_type", "memory");
	finish("fdt: bus: ranges of 0x200 bytes: 2 cells each, at most 0");
}

/* These lists have their own limits. */
static void expect_many(const char *type_name, const char *type,
                        const char *line)
{
	begin();
	add_basics();
	while (fdt_size_dt_struct(tree) < SIZE / 3) {
		fdt_begin_node(tree, "n");
		add_string(type_name, type);
		fdt_property(tree, "reg", "\0\0\0\0\1\0\0\0\0\0\0\0\0\x10\0",
		             16);
		fdt_property(tree, "interrupts", "\0\0\0\0\0\0\0\1\0\0\0\4",
		             12);
		fdt_end_node(tree);
	}
	finish(line);
}

static void lists_are_limited(void)
{
	expect_many("device_type", "memory", "fdt: RAM: more than 512 ranges");
	expect_many("device_type", "cpu",
	            "fdt: n: reg of 0x10 bytes: must be "
	            "one CPU's number");
	expect_many("compatible", "virtio,mmio",
	            "fdt: virtio-mmio: more than "
	            "64");
	expect_many("compatible", "arm,pl011", "");
	expect_many("compatible", "arm,smmu-v3", "");
	expect_many("compatible", "pci-host-ecam-generic",
	            "bytes: not whole ranges");
}

/* These sizes wrap if the offset before them is added. */
static void no_size_wraps(void)
{
	for (uint32_t less = 1; less <= 24; less++) {
		fdt32_t *length;
		char line[80];

		begin();
		fdt_property_u32(tree, "whatever", 0);
		add_basics();
		fdt_end_node(tree);
		fdt_finish(tree);
		/* It is that of the root's first property. */
		length = (fdt32_t *)(tree + fdt_off_dt_struct(tree) + 12);
		*length = cpu_to_fdt32(-less);
		snprintf(line, sizeof(line),
		         "fdt: : property of %#x bytes: there are %#x", -less,
		         fdt_size_dt_struct(tree) - 8 - 12);
		expect_in_time(line);
	}
}

int main(void)
{
	RUN(one_giant_property_is_read);
	RUN(giant_maps_are_read);
	RUN(many_tiny_properties_are_read);
	RUN(names_without_an_end_are_read);
	RUN(many_tiny_nodes_are_read);
	RUN(the_name_of_a_node_is_limited);
	RUN(ranges_of_a_bus_are_limited);
	RUN(deep_buses_are_limited);
	RUN(lists_are_limited);
	RUN(no_size_wraps);
	return test_status();
}
