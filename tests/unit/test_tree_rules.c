/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/unit/test_tree_rules.c - small device trees, each about one rule
 *
 * The bindings say what an interrupt, a map's row or a tag means at its limits,
 * where no VMM's tree goes.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arch/aarch64/describe/dt_build.h"
#include "arch/aarch64/probe/tree.h"
#include "common/machine/dt.h"
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

/* ---- PCI hosts, pci/host-generic-pci.yaml */

static const struct machine_pci_host *const host = machine.pci_hosts;

static void expect_range(const struct machine_range *range, paddr_t base,
                         uint64_t size)
{
	EXPECT_EQ(range->base, base);
	EXPECT_EQ(range->size, size);
}

/* IEEE 1275: 1 is ports, 2 and 3 memory; other bits say what kind. */
static void the_first_window_of_a_kind_counts(void)
{
	begin_pci();
	ADD_CELLS("ranges", 0x00000000, 0, 0, 1, 0, 0, 0x1000, /* nothing */
	          0xfc0007ff | 0x01000000, 0, 0x2000, 1, 0x3eff0000, 0, 0xe000,
	          0x01000000, 0, 0x4000, 1, 0x4eff0000, 0, 0x1000, /* more */
	          0x42000000, 0, 0xfffff000, 0, 0xfffff000, 0, 0x123000,
	          0x03000000, 0, 0x10000000, 0, 0x10000000, 0, 0x1000,
	          0x82000000, 1, 0, 1, 0, 2, 0); /* above 4 GiB */
	end_pci();
	expect_range(&host->io, 0x2000, 0xe000);
	EXPECT_EQ(host->io_paddr, 0x13eff0000);
	expect_range(&host->mmio32, 0xfffff000, 0x123000);
	expect_range(&host->mmio64, 0x100000000, 0x200000000);
	begin_pci();
	end_pci();
	EXPECT_EQ(host->io.size, 0);
	EXPECT_EQ(host->mmio32.size, 0);
	EXPECT_EQ(host->mmio64.size, 0);
	EXPECT_EQ(host->intx_count, 0);
	EXPECT_EQ(host->route_count, 0);
	EXPECT(host->is_express && !host->is_cam && !host->is_dma_coherent);
}

#define EXPECT_BAD_WINDOW(line, ...)                                           \
	do {                                                                   \
		begin_pci();                                                   \
		ADD_CELLS("ranges", __VA_ARGS__);                              \
		EXPECT_PANIC(line, end_pci());                                 \
	} while (0)

static void a_window_that_cannot_be_is_refused(void)
{
	static const char beyond[] =
		"fdt: pcie: ranges of 0x1c bytes: beyond the address space";

	EXPECT_BAD_WINDOW("fdt: pcie: ranges of 0x1c bytes: PCI memory must be "
	                  "1:1",
	                  0x02000000, 0, 0x10000000, 0, 0x20000000, 0, 0x1000);
	EXPECT_BAD_WINDOW(beyond, 0x02000000, 0, 0x10000000, 1 << 20, 0, 0, 1);
	EXPECT_BAD_WINDOW(beyond, 0x01000000, UINT32_MAX, 0xfffff000, 0, 0, 0,
	                  0x1000);
	EXPECT_BAD_WINDOW("fdt: pcie: ranges of 0x18 bytes: not whole ranges",
	                  0x02000000, 0, 0x10000000, 0, 0x10000000, 0);
	begin_pci();
	ADD_CELLS("ranges", 0x01000000, UINT32_MAX, 0xffffefff, 0, 0, 0,
	          0x1000);
	end_pci();
	EXPECT_EQ(host->io.size, 0x1000);
}

static void begin_pci_with(uint32_t address_cells, uint32_t size_cells)
{
	small_tree_begin();
	small_tree_node("pcie", "pci-host-ecam-generic");
	ADD_CELLS("reg", 0, 0x20000000, 0, 0x1000000);
	ADD_CELLS("#address-cells", address_cells);
	ADD_CELLS("#size-cells", size_cells);
}

static void addresses_of_pci_have_three_cells(void)
{
	for (volatile uint32_t cells = 2; cells <= 4; cells += 2) {
		begin_pci_with(cells, 2);
		EXPECT_PANIC("bytes: not whole ranges", end_pci());
	}
	begin_pci_with(3, 3);
	EXPECT_PANIC("bytes: not whole ranges", end_pci());
	begin_pci_with(3, 1);
	ADD_CELLS("ranges", 0x02000000, 0, 0x10000000, 0, 0x10000000, 0x1000);
	end_pci();
	expect_range(&host->mmio32, 0x10000000, 0x1000);
}

/* What the bus around it does not pass on is no window. */
static void windows_are_translated(void)
{
	small_tree_begin();
	fdt_begin_node(small_tree, "bus");
	ADD_CELLS("#address-cells", 1);
	ADD_CELLS("#size-cells", 1);
	ADD_CELLS("ranges", 0, 4, 0, 0x10000000, /* to 16 GiB */
	          0x20000000, 0, 0x20000000, 0x10000000);
	small_tree_node("pcie", "pci-host-ecam-generic");
	ADD_CELLS("reg", 0x8000000, 0x1000000);
	ADD_CELLS("#address-cells", 3);
	ADD_CELLS("#size-cells", 2);
	ADD_CELLS("ranges", 0x01000000, 0, 0, 0x7000000, 0, 0x10000, /* IO */
	          0x02000000, 0, 0x30000000, 0x30000000, 0, 0x1000,  /* no */
	          0x02000000, 0, 0x20000000, 0x20000000, 0, 0x2000);
	fdt_end_node(small_tree);
	end_pci();
	EXPECT_EQ(host->ecam_paddr, 0x408000000);
	EXPECT_EQ(host->io_paddr, 0x407000000);
	expect_range(&host->mmio32, 0x20000000, 0x2000);
}

static void make_buses(const char *compatible, uint32_t size)
{
	small_tree_begin();
	small_tree_node("pcie", compatible);
	ADD_CELLS("reg", 1, 0x20000000, 0, size);
	ADD_CELLS("#address-cells", 3);
	ADD_CELLS("#size-cells", 2);
}

static void expect_buses(uint32_t first, uint32_t last, uint64_t size)
{
	end_pci();
	EXPECT_EQ(host->bus_first, first);
	EXPECT_EQ(host->bus_last, last);
	EXPECT_EQ(host->ecam_size, size);
	EXPECT_EQ(host->ecam_paddr, 0x120000000);
}

/* A bus has 1 MiB by ECAM and 64 KiB by CAM. */
static void configuration_space_has_room_for_buses(void)
{
	make_buses("pci-host-ecam-generic", 0x10000000);
	expect_buses(0, 255, 0x10000000);
	make_buses("pci-host-ecam-generic", 0x20000000);
	expect_buses(0, 255, 0x10000000);
	make_buses("pci-host-ecam-generic", 0x100000);
	expect_buses(0, 0, 0x100000);
	make_buses("pci-host-ecam-generic", 0x2fffff);
	expect_buses(0, 1, 0x200000);
	make_buses("pci-host-ecam-generic", 0xfffff);
	EXPECT_PANIC("fdt: pcie: reg of 0x10 bytes: no room for a bus",
	             end_pci());
	make_buses("pci-host-cam-generic", 0x20000);
	expect_buses(0, 1, 0x20000);
	EXPECT(host->is_cam);
	/* However much of it there is */
	small_tree_begin();
	small_tree_node("pcie", "pci-host-cam-generic");
	ADD_CELLS("reg", 1, 0x20000000, 0x10000, 0);
	ADD_CELLS("#address-cells", 3);
	ADD_CELLS("#size-cells", 2);
	expect_buses(0, 255, 0x1000000);
	make_buses("pci-host-ecam-generic", 0x800000);
	ADD_CELLS("bus-range", 5, 9);
	expect_buses(5, 9, 0x500000);
	make_buses("pci-host-ecam-generic", 0x500000);
	ADD_CELLS("bus-range", 5, 9);
	expect_buses(5, 9, 0x500000);
	make_buses("pci-host-ecam-generic", 0x400000);
	ADD_CELLS("bus-range", 5, 9);
	expect_buses(5, 8, 0x400000);
	make_buses("pci-host-ecam-generic", 0x100000);
	ADD_CELLS("bus-range", 7, 7);
	expect_buses(7, 7, 0x100000);
	make_buses("pci-host-ecam-generic", 0x10000000);
	ADD_CELLS("bus-range", 5);
	expect_buses(0, 255, 0x10000000);
	make_buses("pci-host-ecam-generic", 0x10000000);
	ADD_CELLS("bus-range", 2, 1);
	EXPECT_PANIC("fdt: pcie: bus-range of 0x8 bytes: from 0 to 255",
	             end_pci());
}

static void add_hosts(uint32_t count)
{
	small_tree_begin();
	for (uint32_t i = 0; i < count; i++) {
		small_tree_node("pcie", "pci-host-ecam-generic");
		ADD_CELLS("reg", 0, 0x20000000 + i * 0x100000, 0, 0x100000);
		ADD_CELLS("#address-cells", 3);
		ADD_CELLS("#size-cells", 2);
		if (i == 3)
			ADD_CELLS("linux,pci-domain", 0xffff);
		if (i == 4) {
			ADD_CELLS("numa-node-id", 6);
			fdt_property(small_tree, "dma-coherent", NULL, 0);
		}
		fdt_end_node(small_tree);
	}
	small_tree_end();
}

static void there_are_eight_hosts_at_most(void)
{
	add_hosts(8);
	small_tree_read();
	EXPECT_EQ(machine.pci_host_count, 8);
	for (uint32_t i = 0; i < 8; i++) {
		EXPECT_EQ(host[i].segment, i == 3 ? 0xffff : i);
		EXPECT_EQ(host[i].node, i == 4 ? 6 : 0);
		EXPECT_EQ(host[i].is_dma_coherent, i == 4);
	}
	EXPECT_EQ(machine.node_count, 7);
	add_hosts(9);
	EXPECT_PANIC("fdt: PCI hosts: more than 8", small_tree_read());
	begin_pci();
	ADD_CELLS("linux,pci-domain", 0x10000);
	EXPECT_PANIC("fdt: pcie: linux,pci-domain of 0x4 bytes: from 0 to "
	             "65535",
	             end_pci());
	begin_pci();
	ADD_CELLS("numa-node-id", 64);
	EXPECT_PANIC("fdt: pcie: numa-node-id of 0x4 bytes: too great a number",
	             end_pci());
}

static void messages_may_all_go_to_one(void)
{
	begin_pci();
	ADD_CELLS("msi-parent", PHANDLE_ITS);
	end_pci();
	EXPECT_EQ(host->msi_map.input, 0);
	EXPECT_EQ(host->msi_map.output, 0);
	EXPECT_EQ(host->msi_map.count, 0x10000);
	begin_pci();
	ADD_CELLS("msi-parent", PHANDLE_ITS + 1);
	end_pci();
	EXPECT_EQ(host->msi_map.count, 0);
}

/* Adds rows of so many cells for the GIC's own address. */
static void make_route(uint32_t gic_cells, uint32_t flags, uint32_t pin)
{
	uint32_t row[16] = { 5 << 11 | 0x700, 1, 2, pin, PHANDLE_GIC };

	small_tree_begin_without_gic();
	small_tree_node("gic", "arm,gic-v3");
	ADD_CELLS("reg", 0, 0x8000000, 0, 0x10000, 0, 0x80a0000, 0, 0x20000);
	ADD_CELLS("#interrupt-cells", 3);
	if (gic_cells)
		ADD_CELLS("#address-cells", gic_cells);
	ADD_CELLS("phandle", PHANDLE_GIC);
	fdt_end_node(small_tree);
	small_tree_node("pcie", "pci-host-ecam-generic");
	ADD_CELLS("reg", 0, 0x20000000, 0, 0x1000000);
	ADD_CELLS("#address-cells", 3);
	ADD_CELLS("#size-cells", 2);
	row[5 + gic_cells] = 0;
	row[5 + gic_cells + 1] = 9;
	row[5 + gic_cells + 2] = flags;
	add_cells("interrupt-map", row, 5 + gic_cells + 3);
	end_pci();
}

static void a_route_has_the_cells_of_the_gic(void)
{
	const struct machine_pci_route *route = machine.pci_routes;

	for (uint32_t cells = 0; cells <= 3; cells++) {
		for (uint32_t pin = 1; pin <= 4; pin++) {
			make_route(cells, 4, pin);
			EXPECT_EQ(host->route_count, cells < 3);
			if (cells == 3)
				continue;
			EXPECT_EQ(host->route_first, 0);
			EXPECT_EQ(host->route_slot_mask, 0x1f);
			EXPECT_EQ(route->slot, 5);
			EXPECT_EQ(route->pin, pin - 1);
			EXPECT_EQ(route->gsi, INTID_OF_SPI + 9);
			EXPECT_EQ(route->host, 0);
		}
	}
}

/* arm,gic.yaml: 1 and 2 are edges; 2 and 8 are low. */
static void a_route_has_flags(void)
{
	for (uint32_t flags = 1; flags <= 8; flags *= 2) {
		make_route(2, flags, 1);
		EXPECT_EQ(machine.pci_routes[0].is_edge, flags <= 2);
		EXPECT_EQ(machine.pci_routes[0].is_active_low,
		          flags == 2 || flags == 8);
	}
}

struct odd_row {
	uint32_t row, parent, spi, flags;
};

/* As QEMU wires the pins of that many slots */
static void make_swizzle_cells(uint32_t *cell, uint32_t slots)
{
	for (uint32_t i = 0; i < slots * 4; i++, cell += 10) {
		cell[0] = i / 4 << 11;
		cell[3] = 1 + i % 4;
		cell[4] = PHANDLE_GIC;
		cell[8] = 3 + (i / 4 + i % 4) % 4;
		cell[9] = 4;
	}
}

/* The same, but for one row, unless there is no such row */
static void make_swizzle(uint32_t slots, uint32_t mask, struct odd_row odd)
{
	uint32_t cells[32 * 4 * 10] = { 0 };

	make_swizzle_cells(cells, slots);
	if (odd.row < slots * 4) {
		cells[odd.row * 10 + 4] = odd.parent;
		cells[odd.row * 10 + 8] = odd.spi;
		cells[odd.row * 10 + 9] = odd.flags;
	}
	begin_pci();
	add_cells("interrupt-map", cells, slots * 40);
	if (mask)
		ADD_CELLS("interrupt-map-mask", mask << 11, 0, 0, 7);
	end_pci();
}

/* What is behind the map may look like rows of it. */
static void a_map_ends_where_its_property_does(void)
{
	for (uint32_t slots = 0; slots <= 4; slots += 2) {
		uint32_t cells[32 * 4 * 10] = { 0 };

		make_swizzle_cells(cells, slots);
		begin_pci();
		add_cells("interrupt-map", cells, slots * 40);
		/* Behind the three cells of its head */
		ADD_CELLS("whatever", 1, PHANDLE_GIC, 0, 0, 0, 99, 4, 0, 0, 0,
		          1, PHANDLE_GIC, 0, 0, 0, 99, 4);
		end_pci();
		EXPECT_EQ(host->intx_count, slots == 4 ? 4 : 0);
		EXPECT_EQ(host->route_count, slots == 4 ? 0 : slots * 4);
	}
}

static void wires_that_turn_are_a_rule(void)
{
	const struct odd_row none = { .row = UINT32_MAX };

	make_swizzle(4, 3, none);
	EXPECT_EQ(host->intx_count, 4);
	EXPECT_EQ(host->intx_bias, 0);
	EXPECT_EQ(host->route_count, 0);
	for (uint32_t i = 0; i < 4; i++)
		EXPECT_EQ(host->intx_gsi[i], INTID_OF_SPI + 3 + i);
	make_swizzle(32, 0x1f, none);
	EXPECT_EQ(host->intx_count, 4);
	make_swizzle(32, 0, none);
	EXPECT_EQ(host->intx_count, 4);
	/* Where not all slots are named, each row counts for itself. */
	make_swizzle(3, 3, none);
	EXPECT_EQ(host->intx_count, 0);
	EXPECT_EQ(host->route_count, 12);
	EXPECT_EQ(host->route_slot_mask, 3);
	for (uint32_t mask = 1; mask <= 4; mask++) {
		make_swizzle(4, mask, none);
		EXPECT_EQ(host->intx_count, mask == 3 ? 4 : 0);
		EXPECT_EQ(host->route_count, mask == 3 ? 0 : 16);
		EXPECT_EQ(host->route_slot_mask, mask == 3 ? 0 : mask);
	}
}

static void one_other_wire_is_no_rule(void)
{
	for (uint32_t row = 0; row < 16; row++) {
		uint32_t spi = 3 + (row / 4 + row % 4) % 4;

		make_swizzle(4, 3,
		             (struct odd_row){ row, PHANDLE_GIC, spi, 4 });
		EXPECT_EQ(host->intx_count, 4);
		make_swizzle(4, 3, (struct odd_row){ row, PHANDLE_GIC, 99, 4 });
		EXPECT_EQ(host->route_count, 16);
		make_swizzle(4, 3,
		             (struct odd_row){ row, PHANDLE_GIC, spi, 1 });
		EXPECT_EQ(host->route_count, 16);
		make_swizzle(4, 3,
		             (struct odd_row){ row, PHANDLE_GIC, spi, 8 });
		EXPECT_EQ(host->route_count, 16);
		/* One that leads elsewhere is none; so there are 15. */
		make_swizzle(4, 3, (struct odd_row){ row, 77, spi, 4 });
		EXPECT_EQ(host->route_count, 15);
		EXPECT_EQ(host->intx_count, 0);
	}
}

/* Hosts have their rows one behind the other; a cut row is none. */
static void make_many_routes(uint32_t count)
{
	uint32_t cells[256 * 10] = { 0 };

	for (uint32_t i = 0; i < count; i++) {
		cells[i * 10] = i / 4 << 11;
		cells[i * 10 + 3] = 1 + i % 4;
		cells[i * 10 + 4] = PHANDLE_GIC;
		cells[i * 10 + 8] = i;
		cells[i * 10 + 9] = 4;
	}
	small_tree_begin();
	for (uint32_t i = 0; i < 2; i++) {
		small_tree_node("pcie", "pci-host-ecam-generic");
		ADD_CELLS("reg", 0, 0x20000000 + i * 0x100000, 0, 0x100000);
		ADD_CELLS("#address-cells", 3);
		ADD_CELLS("#size-cells", 2);
		add_cells("interrupt-map", cells,
		          i ? (count - 3) * 10 : 3 * 10 + 9);
		fdt_end_node(small_tree);
	}
	small_tree_end();
}

static void there_are_255_routes_at_most(void)
{
	make_many_routes(255);
	small_tree_read();
	EXPECT_EQ(machine.pci_route_count, 255);
	EXPECT_EQ(host[0].route_first, 0);
	EXPECT_EQ(host[0].route_count, 3);
	EXPECT_EQ(host[1].route_first, 3);
	EXPECT_EQ(host[1].route_count, 252);
	EXPECT_EQ(machine.pci_routes[2].host, 0);
	EXPECT_EQ(machine.pci_routes[3].host, 1);
	EXPECT_EQ(machine.pci_routes[254].gsi, INTID_OF_SPI + 251);
	make_many_routes(256);
	EXPECT_PANIC("fdt: interrupt-map: more than 255 rows",
	             small_tree_read());
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
	/* In the head itself */
	expect_bad_head(HEAD_RESERVATIONS, 8, "fdt: header: libfdt's error 8");
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

/* A tree that is passed on as it is must be whole. */
static void a_whole_tree_is_known(void)
{
	uint32_t size;

	set_head(HEAD_CPU, 0);
	size = head(HEAD_SIZE);
	EXPECT(dt_is_whole(small_tree, size));
	EXPECT(dt_is_whole(small_tree, size + 1));
	EXPECT_EQ(dt_size(small_tree), size);
	for (uint32_t cut = 0; cut < size; cut++) {
		uint8_t *block = malloc(cut + !cut);

		memcpy(block, small_tree, cut);
		EXPECT(!dt_is_whole(block, cut));
		free(block);
	}
	/* FDT_NOP may come first, but what is no tag may not. */
	fdt32_st((fdt32_t *)(small_tree + head(HEAD_NODES)), FDT_NOP);
	EXPECT(!dt_is_whole(small_tree, size));
	fdt32_st((fdt32_t *)(small_tree + head(HEAD_NODES) + 4), FDT_NOP);
	EXPECT(!dt_is_whole(small_tree, size));
	set_head(HEAD_MAGIC, 7);
	EXPECT(!dt_is_whole(small_tree, size));
	EXPECT_EQ(dt_size(small_tree), 0);
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
	EXPECT(!dt_is_whole(small_tree, fdt_totalsize(small_tree)));
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
	EXPECT(!dt_is_whole(small_tree, fdt_totalsize(small_tree)));
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

/* The list of reservations may be the last of all parts. */
static void a_list_of_reservations_may_be_at_the_end(void)
{
	uint32_t size;

	set_head(HEAD_CPU, 0);
	size = (head(HEAD_SIZE) + 7) & ~7u;
	memset(small_tree + size, 0, 32);
	fdt64_st((fdt64_t *)(small_tree + size), 0x141000000);
	fdt64_st((fdt64_t *)(small_tree + size + 8), 0x3000);
	fdt32_st((fdt32_t *)small_tree + HEAD_SIZE, size + 32);
	fdt32_st((fdt32_t *)small_tree + HEAD_RESERVATIONS, size);
	read_with(size + 32);
	EXPECT_EQ(machine.reserved_count, 1);
	expect_range(&machine.reserved[0].range, 0x141000000, 0x3000);
	fdt32_st((fdt32_t *)small_tree + HEAD_SIZE, size + 31);
	EXPECT_PANIC("fdt: reservations: have no end", read_with(size + 31));
	fdt32_st((fdt32_t *)small_tree + HEAD_SIZE, size + 15);
	EXPECT_PANIC("fdt: reservations: have no end", read_with(size + 15));
}

/* Section 2.3.5: so it is for the children of a node that does not say. */
static void cells_that_are_absent_are_two_and_one(void)
{
	small_tree_begin();
	fdt_begin_node(small_tree, "bus");
	fdt_property(small_tree, "ranges", NULL, 0);
	fdt_begin_node(small_tree, "uart");
	add_string("compatible", "ns16550a");
	ADD_CELLS("reg", 1, 0x9000000, 0x1000);
	fdt_end_node(small_tree);
	fdt_end_node(small_tree);
	small_tree_end();
	small_tree_read();
	EXPECT_EQ(machine.uarts[0].base, 0x109000000);
	EXPECT_EQ(machine.uarts[0].size, 0x1000);
}

/* ---- buses, section 2.3.8 */

static void begin_bus(const char *name, uint32_t address_cells,
                      uint32_t size_cells)
{
	fdt_begin_node(small_tree, name);
	ADD_CELLS("#address-cells", address_cells);
	ADD_CELLS("#size-cells", size_cells);
}

/* Ends a tree with a UART in `depth` buses; returns where the CPU finds it. */
static paddr_t read_uart_in_bus(uint32_t depth, uint64_t base, uint32_t size)
{
	fdt_begin_node(small_tree, "uart");
	add_string("compatible", "ns16550a");
	ADD_CELLS("reg", (uint32_t)(base >> 32), (uint32_t)base, 0, size);
	fdt_end_node(small_tree);
	while (depth--)
		fdt_end_node(small_tree);
	small_tree_end();
	small_tree_read();
	return machine.uart_count ? machine.uarts[0].base : 0;
}

static paddr_t uart_behind(uint64_t base, uint32_t size)
{
	small_tree_begin();
	begin_bus("bus", 2, 2);
	ADD_CELLS("ranges", 1, 0x1000, 3, 0x5000, 0, 0x1000, /* upwards */
	          5, 0, 2, 0, 1, 0, /* downwards, 4 GiB */
	          1, 0x2000, 4, 0x7000, 0, 0x1000);
	return read_uart_in_bus(1, base, size);
}

static void a_bus_passes_on_what_is_in_its_ranges(void)
{
	EXPECT_EQ(uart_behind(0x100001000, 0x1000), 0x300005000);
	EXPECT_EQ(uart_behind(0x100001800, 0x800), 0x300005800);
	EXPECT_EQ(uart_behind(0x100002000, 0x1000), 0x400007000);
	EXPECT_EQ(uart_behind(0x512345000, 0x1000), 0x212345000);
	EXPECT_EQ(uart_behind(0x5fffff000, 0x1000), 0x2fffff000);
	/* By a byte, or over the edge of two */
	EXPECT_EQ(uart_behind(0x100000fff, 0x1000), 0);
	EXPECT_EQ(uart_behind(0x100001800, 0x801), 0);
	EXPECT_EQ(uart_behind(0x5fffff001, 0x1000), 0);
	EXPECT_EQ(uart_behind(0x1000, 0x1000), 0);
}

/* A range that leads beyond all addresses is none. */
static void a_range_ends_in_the_address_space(void)
{
	for (uint32_t i = 0; i < 2; i++) {
		small_tree_begin();
		begin_bus("bus", 2, 2);
		ADD_CELLS("ranges", 0, 0, 0xfffff, 0xfffff000, 0, 0x1000 + i);
		EXPECT_EQ(read_uart_in_bus(1, 0, 0x1000),
		          i ? 0 : 0xffffffffff000);
	}
}

/* Each bus translates for the one around it. */
static void buses_nest(void)
{
	small_tree_begin();
	begin_bus("outer", 1, 1);
	ADD_CELLS("ranges", 0x5000, 7, 0x8000, 0x1000);
	begin_bus("inner", 2, 2);
	ADD_CELLS("ranges", 1, 0, 0x5000, 0, 0x1000);
	EXPECT_EQ(read_uart_in_bus(2, 0x100000800, 0x100), 0x700008800);
	small_tree_begin();
	begin_bus("outer", 2, 2);
	fdt_property(small_tree, "ranges", NULL, 0);
	begin_bus("inner", 2, 2);
	fdt_property(small_tree, "ranges", NULL, 0);
	EXPECT_EQ(read_uart_in_bus(2, 0x100000800, 0x100), 0x100000800);
}

/* PCI's addresses have three cells; what is on such a bus is not reached. */
static void what_is_on_a_bus_of_other_cells_is_not_reached(void)
{
	static const uint32_t cells[][2] = {
		{ 2, 2 }, { 3, 1 }, { 3, 2 }, { 1, 3 },
		{ 2, 3 }, { 4, 2 }, { 2, 4 },
	};

	for (uint32_t i = 0; i < ARRAY_COUNT(cells); i++) {
		uint32_t outer = cells[i][0] + 2 + cells[i][1];
		uint32_t inner = 2 + cells[i][0] + 2;
		uint32_t row[12] = { 0 };

		small_tree_begin();
		begin_bus("outer", cells[i][0], cells[i][1]);
		row[outer - 1] = 0x10000000;
		add_cells("ranges", row, outer);
		begin_bus("inner", 2, 2);
		row[outer - 1] = 0;
		row[inner - 1] = 0x10000000;
		add_cells("ranges", row, inner);
		EXPECT_EQ(read_uart_in_bus(2, 0x9000000, 0x1000),
		          i ? 0 : 0x9000000);
	}
}

static void add_ranges(uint32_t count)
{
	uint32_t cells[65 * 6] = { 0 };

	/* All but the last are elsewhere. */
	for (uint32_t i = 0; i + 1 < count; i++)
		cells[i * 6] = 0x1000 + i;
	cells[(count - 1) * 6 + 5] = 0x10000000;
	add_cells("ranges", cells, count * 6);
}

/* Each address costs time. */
static void there_are_64_ranges_on_the_way_at_most(void)
{
	small_tree_begin();
	begin_bus("outer", 2, 2);
	add_ranges(40);
	begin_bus("inner", 2, 2);
	add_ranges(24);
	EXPECT_EQ(read_uart_in_bus(2, 0x9000000, 0x1000), 0x9000000);
	small_tree_begin();
	begin_bus("outer", 2, 2);
	add_ranges(41);
	begin_bus("inner", 2, 2);
	add_ranges(24);
	EXPECT_PANIC("fdt: outer: ranges of 0x3d8 bytes: 6 cells each, at most "
	             "40",
	             read_uart_in_bus(2, 0x9000000, 0x1000));
	small_tree_begin();
	begin_bus("bus", 2, 2);
	add_ranges(64);
	EXPECT_EQ(read_uart_in_bus(1, 0x9000000, 0x1000), 0x9000000);
	small_tree_begin();
	begin_bus("bus", 2, 2);
	add_ranges(65);
	EXPECT_PANIC("fdt: bus: ranges of 0x618 bytes: 6 cells each, at most "
	             "64",
	             read_uart_in_bus(1, 0x9000000, 0x1000));
	small_tree_begin();
	begin_bus("bus", 2, 2);
	ADD_CELLS("ranges", 0, 0, 0, 0, 0);
	EXPECT_PANIC("fdt: bus: ranges of 0x14 bytes: 6 cells each, at most 64",
	             read_uart_in_bus(1, 0x9000000, 0x1000));
}

/* Sections 2.2.4 and 2.3.6 */
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
	small_tree_begin();
	fdt_begin_node(small_tree, "uart");
	add_string("compatible", "ns16550a");
	ADD_CELLS("reg", 0xfffff, 0xfffff000, 0, 0x1001);
	fdt_end_node(small_tree);
	small_tree_end();
	EXPECT_PANIC("fdt: uart: reg of 0x10 bytes: beyond the address space",
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
	RUN(the_first_window_of_a_kind_counts);
	RUN(a_window_that_cannot_be_is_refused);
	RUN(addresses_of_pci_have_three_cells);
	RUN(windows_are_translated);
	RUN(configuration_space_has_room_for_buses);
	RUN(there_are_eight_hosts_at_most);
	RUN(messages_may_all_go_to_one);
	RUN(a_route_has_the_cells_of_the_gic);
	RUN(a_route_has_flags);
	RUN(a_map_ends_where_its_property_does);
	RUN(wires_that_turn_are_a_rule);
	RUN(one_other_wire_is_no_rule);
	RUN(there_are_255_routes_at_most);
	RUN(what_is_no_longer_there_is_passed_by);
	RUN(an_unknown_tag_is_refused);
	RUN(a_head_has_its_limits);
	RUN(all_parts_lie_in_the_tree);
	RUN(cells_are_aligned);
	RUN(the_last_string_has_an_end);
	RUN(a_whole_tree_is_known);
	RUN(tags_must_nest);
	RUN(what_the_tree_ends_in_is_told);
	RUN(nodes_have_their_limits);
	RUN(a_property_is_named_in_the_strings);
	RUN(a_name_may_lie_far_behind);
	RUN(a_list_of_reservations_may_be_at_the_end);
	RUN(cells_that_are_absent_are_two_and_one);
	RUN(a_bus_passes_on_what_is_in_its_ranges);
	RUN(a_range_ends_in_the_address_space);
	RUN(buses_nest);
	RUN(what_is_on_a_bus_of_other_cells_is_not_reached);
	RUN(there_are_64_ranges_on_the_way_at_most);
	RUN(values_have_their_cells);
	return test_status();
}
