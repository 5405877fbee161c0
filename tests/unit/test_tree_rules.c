/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/unit/test_tree_rules.c - small device trees, each about one rule
 *
 * The bindings say what an interrupt, a map's row or a tag means at its limits,
 * where no VMM's tree goes.
 */
#include <stdio.h>
#include <string.h>

#include "arch/aarch64/describe/dt_build.h"
#include "arch/aarch64/probe/tree.h"
#include "tests/unit/small_tree.h"
#include "tests/unit/test.h"

static _Alignas(8) uint8_t copy[2 * SMALL_TREE_SIZE];
static char cmdline[1];
static struct guest guest = { .cmdline = { .text = cmdline } };

/* Makes a tree with a UART that has those cells for its interrupt. */
static void make_uart(const uint32_t *cells, uint32_t count)
{
	small_tree_begin();
	fdt_begin_node(small_tree, "uart");
	add_string("compatible", "arm,pl011");
	ADD_CELLS("reg", 0, 0x9000000, 0, 0x1000);
	add_cells("interrupts", cells, count);
	/* What would be read behind a short property. */
	ADD_CELLS("whatever", 4, 4, 4);
	fdt_end_node(small_tree);
	small_tree_end();
}

static uint32_t gsi_of(uint32_t type, uint32_t number, uint32_t flags)
{
	const uint32_t cells[] = { type, number, flags };

	make_uart(cells, 3);
	small_tree_read();
	return machine.uarts[0].gsi;
}

static void expect_no_interrupt(uint32_t type, uint32_t number)
{
	const uint32_t cells[] = { type, number, 4 };

	make_uart(cells, 3);
	EXPECT_PANIC("neither an SPI nor a PPI", small_tree_read());
}

/* arm,gic.yaml: SPIs are 0 to 987, PPIs 0 to 15. */
static void interrupts_have_their_limits(void)
{
	EXPECT_EQ(gsi_of(0, 0, 4), INTID_OF_SPI);
	EXPECT_EQ(gsi_of(0, 987, 4), INTID_OF_SPI + 987);
	EXPECT_EQ(gsi_of(1, 0, 4), INTID_OF_PPI);
	EXPECT_EQ(gsi_of(1, 15, 4), INTID_OF_PPI + 15);
	expect_no_interrupt(0, 988);
	expect_no_interrupt(1, 16);
	expect_no_interrupt(2, 0);
	expect_no_interrupt(0, UINT32_MAX);
}

static void the_flags_of_an_interrupt_are_read(void)
{
	for (uint32_t flags = 1; flags <= 8; flags *= 2) {
		gsi_of(0, 1, flags);
		EXPECT_EQ(machine.uarts[0].is_edge, flags <= 2);
	}
}

static void a_short_interrupt_is_none(void)
{
	static const uint32_t cells[] = { 0, 7 };

	make_uart(cells, 2);
	small_tree_read();
	EXPECT_EQ(machine.uart_count, 1);
	EXPECT_EQ(machine.uarts[0].gsi, 0);
}

static void an_interrupt_of_another_parent_is_none(void)
{
	small_tree_begin();
	fdt_begin_node(small_tree, "uart");
	add_string("compatible", "arm,pl011");
	ADD_CELLS("reg", 0, 0x9000000, 0, 0x1000);
	ADD_CELLS("interrupt-parent", 77);
	ADD_CELLS("interrupts", 0, 7, 4);
	fdt_end_node(small_tree);
	small_tree_end();
	small_tree_read();
	EXPECT_EQ(machine.uart_count, 1);
	EXPECT_EQ(machine.uarts[0].gsi, 0);
}

/* arm,gic-v3.yaml: GICC, GICH and GICV are behind the redistributors. */
static void all_of_a_gic_is_read(void)
{
	small_tree_begin_without_gic();
	fdt_begin_node(small_tree, "gic");
	add_string("compatible", "arm,gic-v3");
	ADD_CELLS("reg", 0, 0x8000000, 0, 0x10000, 0, 0x80a0000, 0, 0x20000, 0,
	          0x9000000, 0, 0x40000, 0, 0x8010000, 0, 0x1000, 0, 0x8020000,
	          0, 0x2000, 0, 0x8030000, 0, 0x3000);
	ADD_CELLS("#redistributor-regions", 2);
	ADD_CELLS("#interrupt-cells", 3);
	ADD_CELLS("phandle", PHANDLE_GIC);
	fdt_end_node(small_tree);
	small_tree_end();
	small_tree_read();
	EXPECT_EQ(machine.arm.gicr_count, 2);
	EXPECT_EQ(machine.arm.gicr[1].base, 0x9000000);
	EXPECT_EQ(machine.arm.gicc.base, 0x8010000);
	EXPECT_EQ(machine.arm.gich.base, 0x8020000);
	EXPECT_EQ(machine.arm.gicv.base, 0x8030000);
	EXPECT_EQ(machine.arm.gicv.size, 0x3000);
}

static void make_distance(uint32_t node, uint32_t distance)
{
	small_tree_begin();
	fdt_begin_node(small_tree, "distance-map");
	add_string("compatible", "numa-distance-map-v1");
	ADD_CELLS("distance-matrix", 0, node, distance);
	fdt_end_node(small_tree);
	small_tree_end();
}

/* SLIT has a byte for each. */
static void a_distance_is_a_byte(void)
{
	make_distance(1, 255);
	small_tree_read();
	EXPECT_EQ(machine.distances[1][0], 255);
	EXPECT_EQ(machine.distances[0][1], 255);
	make_distance(1, 256);
	EXPECT_PANIC("distance-matrix", small_tree_read());
	make_distance(MACHINE_NODE_MAX, 20);
	EXPECT_PANIC("too great a number", small_tree_read());
}

/* ACPI 6.4 section 5.2.17: 10 is a node's to itself, and no other's. */
static void only_to_itself_a_node_is_so_near(void)
{
	make_distance(0, 10);
	small_tree_read();
	make_distance(1, 11);
	small_tree_read();
	for (uint32_t distance = 0; distance <= 10; distance++) {
		make_distance(1, distance);
		EXPECT_PANIC("no such distance", small_tree_read());
		make_distance(0, distance + (distance == 10));
		EXPECT_PANIC("no such distance", small_tree_read());
	}
}

static void begin_pci(void)
{
	small_tree_begin();
	fdt_begin_node(small_tree, "pcie");
	add_string("compatible", "pci-host-ecam-generic");
	ADD_CELLS("reg", 0, 0x20000000, 0, 0x1000000);
	ADD_CELLS("#address-cells", 3);
	ADD_CELLS("#size-cells", 2);
}

static void end_pci(void)
{
	fdt_end_node(small_tree);
	small_tree_end();
	small_tree_read();
	EXPECT_EQ(machine.pci_host_count, 1);
}

/* Others may get messages of some devices. */
static void a_map_is_the_row_to_its_controller(void)
{
	const struct machine_id_map *map = &machine.pci_hosts[0].msi_map;

	begin_pci();
	ADD_CELLS("msi-map", 0x100, 77, 0x200, 0x300, 0x400, PHANDLE_ITS, 0x500,
	          0x600, 0x700, PHANDLE_ITS, 0x800, 0x900);
	ADD_CELLS("iommu-map", 0, 0, 0, 0x10);
	end_pci();
	EXPECT_EQ(map->input, 0x400);
	EXPECT_EQ(map->output, 0x500);
	EXPECT_EQ(map->count, 0x600);
	/* There is no SMMU, hence no phandle of one. */
	EXPECT_EQ(machine.pci_hosts[0].iommu_map.count, 0);
	begin_pci();
	ADD_CELLS("msi-map", 0x100, 77, 0x200, 0x300);
	end_pci();
	EXPECT_EQ(map->count, 0);
	begin_pci();
	ADD_CELLS("msi-map", 0x400, PHANDLE_ITS, 0x500);
	end_pci();
	EXPECT_EQ(map->count, 0);
}

static void buses_are_in_order(void)
{
	begin_pci();
	ADD_CELLS("bus-range", 0, 256);
	EXPECT_PANIC("bus-range", end_pci());
	begin_pci();
	ADD_CELLS("bus-range", 2, 1);
	EXPECT_PANIC("from 0 to 255", end_pci());
	begin_pci();
	ADD_CELLS("bus-range", 3, 255);
	end_pci();
	EXPECT_EQ(machine.pci_hosts[0].bus_first, 3);
	EXPECT_EQ(machine.pci_hosts[0].bus_last, 3 + 15);
}

static void add_routes(uint32_t parent, uint32_t type, uint32_t number)
{
	begin_pci();
	ADD_CELLS("interrupt-map", 2 << 11, 0, 0, 1, parent, 0, 0, type, number,
	          4, 3 << 11, 0, 0, 2, PHANDLE_GIC, 0, 0, 0, 5, 4);
	end_pci();
}

/* The second row is good; what the first one names is no SPI of the GIC. */
static void routes_lead_to_spis_of_the_gic(void)
{
	const struct machine_pci_route *routes = machine.pci_routes;

	add_routes(PHANDLE_GIC, 0, 987);
	EXPECT_EQ(machine.pci_route_count, 2);
	EXPECT_EQ(routes[0].gsi, INTID_OF_SPI + 987);
	EXPECT_EQ(routes[0].slot, 2);
	EXPECT_EQ(routes[0].pin, 0);
	EXPECT_EQ(routes[1].gsi, INTID_OF_SPI + 5);
	EXPECT_EQ(routes[1].pin, 1);
	add_routes(PHANDLE_ITS, 0, 9);
	EXPECT_EQ(machine.pci_route_count, 1);
	add_routes(PHANDLE_GIC, 1, 9);
	EXPECT_EQ(machine.pci_route_count, 1);
	add_routes(PHANDLE_GIC, 0, 988);
	EXPECT_EQ(machine.pci_route_count, 1);
	EXPECT_EQ(routes[0].gsi, INTID_OF_SPI + 5);
}

static void copy_tree(void)
{
	dt_build_given(&machine, &guest, small_tree, fdt_totalsize(small_tree),
	               copy, sizeof(copy));
}

/* The node is no device that the blob knows. Returns where its tag is. */
static fdt32_t *make_spare_property(void)
{
	int node, offset;

	small_tree_begin();
	fdt_begin_node(small_tree, "spare");
	ADD_CELLS("whatever", 0x1234);
	fdt_end_node(small_tree);
	small_tree_end();
	node = fdt_path_offset(small_tree, "/spare");
	offset = fdt_first_property_offset(small_tree, node);
	EXPECT(offset > 0);
	return (fdt32_t *)(small_tree + fdt_off_dt_struct(small_tree) + offset);
}

/* Devicetree Specification 0.4, section 5.4.1: FDT_NOP is ignored. */
static void what_is_no_longer_there_is_passed_by(void)
{
	fdt32_t *tag = make_spare_property();

	small_tree_read();
	copy_tree();
	EXPECT(fdt_getprop(copy, fdt_path_offset(copy, "/spare"), "whatever",
	                   NULL) != NULL);
	for (uint32_t i = 0; i < 4; i++)
		tag[i] = cpu_to_fdt32(FDT_NOP);
	small_tree_read();
	copy_tree();
	EXPECT_EQ(fdt_check_full(copy, sizeof(copy)), 0);
	EXPECT(fdt_path_offset(copy, "/spare") > 0);
	EXPECT(!fdt_getprop(copy, fdt_path_offset(copy, "/spare"), "whatever",
	                    NULL));
}

static void an_unknown_tag_is_refused(void)
{
	fdt32_t *tag = make_spare_property();

	small_tree_read();
	*tag = cpu_to_fdt32(5);
	EXPECT_PANIC("dtb: nodes: ", copy_tree());
	EXPECT_PANIC("fdt: nodes: tag 0x5 at depth 2", small_tree_read());
}

/* ---- the format, Devicetree Specification 0.4, chapter 5 */

enum head {
	HEAD_MAGIC,
	HEAD_SIZE,
	HEAD_NODES,
	HEAD_STRINGS,
	HEAD_RESERVATIONS,
	HEAD_VERSION,
	HEAD_COMPATIBLE,
	HEAD_CPU,
	HEAD_STRINGS_SIZE,
	HEAD_NODES_SIZE,
};

static uint32_t head(enum head cell)
{
	return fdt32_ld((const fdt32_t *)small_tree + cell);
}

static void set_head(enum head cell, uint32_t value)
{
	small_tree_begin();
	small_tree_end();
	fdt32_st((fdt32_t *)small_tree + cell, value);
}

static void read_with(uint64_t available)
{
	memset(&machine, 0, MACHINE_CLEAR_SIZE);
	tree_read(&machine, small_tree, available);
}

static void expect_bad_head(enum head cell, uint32_t value, const char *line)
{
	uint64_t size;

	set_head(HEAD_CPU, 0);
	size = head(HEAD_SIZE);
	set_head(cell, value);
	EXPECT_PANIC(line, read_with(size));
}

static void a_head_has_its_limits(void)
{
	uint64_t size;

	set_head(HEAD_CPU, 0);
	size = head(HEAD_SIZE);
	read_with(size);
	EXPECT_PANIC("fdt: none at 0x", read_with(39));
	EXPECT_PANIC("bytes: from 0x28 to 0x28", read_with(40));
	EXPECT_PANIC("bytes: from 0x28 to 0x", read_with(size - 1));
	expect_bad_head(HEAD_MAGIC, 0xd00dfeee, "fdt: none at 0x");
	expect_bad_head(HEAD_SIZE, 39, "fdt: 0x27 bytes: from 0x28 to 0x");
	expect_bad_head(HEAD_SIZE, 40, "the tree has only 0x28");
	expect_bad_head(HEAD_VERSION, 16, "fdt: version 16: must be 17");
	expect_bad_head(HEAD_COMPATIBLE, 18, "fdt: version 17: must be 17");
	set_head(HEAD_VERSION, 18);
	read_with(size);
	set_head(HEAD_COMPATIBLE, 16);
	read_with(size);
}

static void expect_part(enum head offset, enum head part_size, const char *name)
{
	uint32_t size, part;
	char line[64];

	set_head(HEAD_CPU, 0);
	size = head(HEAD_SIZE);
	part = head(part_size);
	snprintf(line, sizeof(line), "fdt: %s: %#x bytes at %#x: the tree",
	         name, part, size - part + 4);
	expect_bad_head(offset, size - part + 4, line);
	snprintf(line, sizeof(line), "fdt: %s: %#x bytes at ", name, size);
	expect_bad_head(part_size, size, line);
	expect_bad_head(part_size, UINT32_MAX, "bytes at ");
	expect_bad_head(offset, UINT32_MAX, "bytes at 0xffffffff: the tree");
}

static void all_parts_lie_in_the_tree(void)
{
	uint32_t size;
	char line[64];

	expect_part(HEAD_NODES, HEAD_NODES_SIZE, "nodes");
	expect_part(HEAD_STRINGS, HEAD_STRINGS_SIZE, "strings");
	set_head(HEAD_CPU, 0);
	size = head(HEAD_SIZE);
	snprintf(line, sizeof(line), "fdt: reservations: 0 bytes at %#x",
	         size + 1);
	expect_bad_head(HEAD_RESERVATIONS, size + 1, line);
	/* There a list would have no end. */
	expect_bad_head(HEAD_RESERVATIONS, size & ~3u,
	                "fdt: reservations: have no end");
}

static void cells_are_aligned(void)
{
	uint32_t nodes, reservations;

	set_head(HEAD_CPU, 0);
	nodes = head(HEAD_NODES);
	reservations = head(HEAD_RESERVATIONS);
	for (uint32_t i = 1; i < 4; i++) {
		set_head(HEAD_NODES_SIZE, head(HEAD_NODES_SIZE) - 4);
		fdt32_st((fdt32_t *)small_tree + HEAD_NODES, nodes + i);
		EXPECT_PANIC("must be at a multiple of 4", small_tree_read());
		set_head(HEAD_RESERVATIONS, reservations + i);
		EXPECT_PANIC("fdt: reservations at 0x", small_tree_read());
	}
}

static void the_last_string_has_an_end(void)
{
	set_head(HEAD_CPU, 0);
	small_tree[head(HEAD_STRINGS) + head(HEAD_STRINGS_SIZE) - 1] = 'x';
	EXPECT_PANIC("fdt: strings: the last of 0x", small_tree_read());
}

/* Returns the first tag of that kind from an offset on. */
static fdt32_t *tag_from(uint32_t wanted, int offset)
{
	int next = 0;

	while (fdt_next_tag(small_tree, offset, &next) != wanted && next > 0)
		offset = next;
	return (fdt32_t *)(small_tree + fdt_off_dt_struct(small_tree) + offset);
}

/* Returns the last tag of nodes, in front of FDT_END. */
static fdt32_t *last_tag(void)
{
	return tag_from(FDT_END, 0) - 1;
}

static void tags_must_nest(void)
{
	fdt32_t *last;

	small_tree_begin();
	small_tree_end();
	*last_tag() = cpu_to_fdt32(FDT_NOP);
	EXPECT_PANIC("fdt: nodes: tag 0x9 at depth 1", small_tree_read());
	small_tree_begin();
	small_tree_end();
	*last_tag() = cpu_to_fdt32(FDT_END);
	EXPECT_PANIC("fdt: nodes: tag 0x9 at depth 1", small_tree_read());
	/* What is behind the root */
	small_tree_begin();
	fdt_begin_node(small_tree, "x");
	fdt_end_node(small_tree);
	small_tree_end();
	last = last_tag();
	last[-3] = cpu_to_fdt32(FDT_END_NODE);
	last[-2] = cpu_to_fdt32(FDT_NOP);
	EXPECT_PANIC("fdt: nodes: tag 0x2 at depth 0", small_tree_read());
	last[-1] = cpu_to_fdt32(FDT_NOP);
	last[0] = cpu_to_fdt32(FDT_NOP);
	small_tree_read();
	/* A property behind a node */
	small_tree_begin();
	fdt_begin_node(small_tree, "x");
	fdt_property(small_tree, "whatever", "12345678", 8);
	fdt_end_node(small_tree);
	small_tree_end();
	last = last_tag();
	EXPECT_EQ(fdt32_ld(last - 6), FDT_PROP);
	last[-8] = cpu_to_fdt32(FDT_END_NODE);
	last[-7] = cpu_to_fdt32(FDT_NOP);
	EXPECT_PANIC("fdt: nodes: tag 0x3 at depth 0", small_tree_read());
	last[-8] = cpu_to_fdt32(FDT_NOP);
	EXPECT_PANIC("fdt: nodes: tag 0x3 at depth 1", small_tree_read());
}

static void what_the_tree_ends_in_is_told(void)
{
	fdt32_t *tag;
	char line[80];

	small_tree_begin();
	fdt_begin_node(small_tree, "x");
	fdt_property(small_tree, "whatever", "12345678", 8);
	fdt_end_node(small_tree);
	small_tree_end();
	tag = last_tag() - 6;
	EXPECT_EQ(fdt32_ld(tag), FDT_PROP);
	/* There are 8 bytes of it, and three tags more. */
	tag[1] = cpu_to_fdt32(21);
	snprintf(line, sizeof(line),
	         "fdt: x: property of 0x15 bytes: there "
	         "are 0x14");
	EXPECT_PANIC(line, small_tree_read());
	tag[1] = cpu_to_fdt32(UINT32_MAX);
	EXPECT_PANIC("fdt: x: property of 0xffffffff bytes: there are 0x14",
	             small_tree_read());
	/* The last 4 bytes are the tag of a node, and no name. */
	set_head(HEAD_CPU, 0);
	last_tag()[1] = cpu_to_fdt32(FDT_BEGIN_NODE);
	EXPECT_PANIC("fdt: nodes: end in a name", small_tree_read());
	set_head(HEAD_CPU, 0);
	last_tag()[1] = cpu_to_fdt32(FDT_PROP);
	EXPECT_PANIC("fdt: nodes: end before their end", small_tree_read());
	set_head(HEAD_CPU, 0);
	last_tag()[1] = cpu_to_fdt32(FDT_NOP);
	EXPECT_PANIC("fdt: nodes: end before their end", small_tree_read());
}

/* So deep may nodes be, and so long their names. */
static void nodes_have_their_limits(void)
{
	char name[300];

	for (volatile uint32_t depth = 15; depth <= 16; depth++) {
		small_tree_begin();
		for (uint32_t i = 0; i < depth; i++)
			fdt_begin_node(small_tree, "x");
		for (uint32_t i = 0; i < depth; i++)
			fdt_end_node(small_tree);
		small_tree_end();
		if (depth == 15)
			small_tree_read();
		else
			EXPECT_PANIC("fdt: nodes: more than 16 deep",
			             small_tree_read());
	}
	memset(name, 'x', sizeof(name));
	for (volatile uint32_t size = 255; size <= 256; size++) {
		name[size] = '\0';
		small_tree_begin();
		fdt_begin_node(small_tree, name);
		fdt_end_node(small_tree);
		small_tree_end();
		if (size == 255)
			small_tree_read();
		else
			EXPECT_PANIC("fdt: nodes: name of 0x104 bytes: at most "
			             "0x100",
			             small_tree_read());
		name[size] = 'x';
	}
}

static void a_property_is_named_in_the_strings(void)
{
	fdt32_t *tag;
	char line[64];
	uint32_t size;

	small_tree_begin();
	small_tree_end();
	tag = tag_from(FDT_PROP, 0);
	size = head(HEAD_STRINGS_SIZE);
	tag[2] = cpu_to_fdt32(size);
	snprintf(line, sizeof(line), "fdt: name at %#x: there are %#x", size,
	         size);
	EXPECT_PANIC(line, small_tree_read());
	tag[2] = cpu_to_fdt32(UINT32_MAX);
	EXPECT_PANIC("fdt: name at 0xffffffff: there are", small_tree_read());
	/* An empty name is none that anybody asks for. */
	tag[2] = cpu_to_fdt32(size - 1);
	small_tree_read();
}

/* Wherever its name is: the first 2 KiB are remembered, the rest is not. */
static void a_name_may_lie_far_behind(void)
{
	char name[48];

	for (uint32_t pad = 1; pad < 40; pad++) {
		small_tree_begin();
		fdt_begin_node(small_tree, "pad");
		for (uint32_t i = 0; i < 60; i++) {
			snprintf(name, sizeof(name), "%030u", i);
			fdt_property(small_tree, name, NULL, 0);
		}
		memset(name, 'x', pad);
		name[pad] = '\0';
		fdt_property(small_tree, name, NULL, 0);
		fdt_end_node(small_tree);
		for (uint32_t i = 0; i < 2; i++) {
			fdt_begin_node(small_tree, "uart");
			add_string("compatible", "ns16550a");
			ADD_CELLS("reg", i, 0x9000000, 0, 0x1000);
			ADD_CELLS("clock-frequency", 77 + i);
			ADD_CELLS("current-speed", 9600 + i);
			fdt_end_node(small_tree);
		}
		small_tree_end();
		small_tree_read();
		EXPECT_EQ(machine.uart_count, 2);
		EXPECT_EQ(machine.uarts[0].clock_hz, 77);
		EXPECT_EQ(machine.uarts[1].clock_hz, 78);
		EXPECT_EQ(machine.uarts[0].baud, 9600);
		EXPECT_EQ(machine.uarts[1].baud, 9601);
	}
}

/* Section 2.3.5; cells that are absent are 2 and 1 */
static void values_have_their_cells(void)
{
	small_tree_begin();
	fdt_begin_node(small_tree, "uart");
	add_string("compatible", "ns16550a");
	ADD_CELLS("reg", 0, 0x9000000, 0, 0x1000);
	ADD_CELLS("current-speed", 0, 9600);
	fdt_end_node(small_tree);
	small_tree_end();
	EXPECT_PANIC("fdt: uart: current-speed of 0x8 bytes: must be one cell",
	             small_tree_read());
	small_tree_begin();
	fdt_begin_node(small_tree, "chosen");
	ADD_CELLS("kaslr-seed", 0, 1, 2);
	fdt_end_node(small_tree);
	small_tree_end();
	EXPECT_PANIC("fdt: chosen: kaslr-seed of 0xc bytes: must be one or two "
	             "cells",
	             small_tree_read());
	small_tree_begin();
	fdt_begin_node(small_tree, "uart");
	add_string("compatible", "ns16550a");
	ADD_CELLS("reg", 0, 0x9000000, 0, 0x1000, 7);
	fdt_end_node(small_tree);
	small_tree_end();
	EXPECT_PANIC("fdt: uart: reg of 0x14 bytes: not whole ranges",
	             small_tree_read());
}

int main(void)
{
	RUN(interrupts_have_their_limits);
	RUN(the_flags_of_an_interrupt_are_read);
	RUN(a_short_interrupt_is_none);
	RUN(an_interrupt_of_another_parent_is_none);
	RUN(all_of_a_gic_is_read);
	RUN(a_distance_is_a_byte);
	RUN(only_to_itself_a_node_is_so_near);
	RUN(buses_are_in_order);
	RUN(a_map_is_the_row_to_its_controller);
	RUN(routes_lead_to_spis_of_the_gic);
	RUN(what_is_no_longer_there_is_passed_by);
	RUN(an_unknown_tag_is_refused);
	RUN(a_head_has_its_limits);
	RUN(all_parts_lie_in_the_tree);
	RUN(cells_are_aligned);
	RUN(the_last_string_has_an_end);
	RUN(tags_must_nest);
	RUN(what_the_tree_ends_in_is_told);
	RUN(nodes_have_their_limits);
	RUN(a_property_is_named_in_the_strings);
	RUN(a_name_may_lie_far_behind);
	RUN(values_have_their_cells);
	return test_status();
}
