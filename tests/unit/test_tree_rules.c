/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/unit/test_tree_rules.c - small device trees, each about one rule
 *
 * The bindings say what an interrupt, a map's row or a tag means at its limits,
 * where no VMM's tree goes.
 */
#include <string.h>

#include "arch/aarch64/describe/dt_build.h"
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
	return test_status();
}
