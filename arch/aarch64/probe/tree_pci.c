/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/aarch64/probe/tree_pci.c - reads PCI hosts
 *
 * The bindings are pci/host-generic-pci.yaml, pci-msi.txt and pci-iommu.txt;
 * IEEE Std 1275-1994, PCI Bus Binding 2.1, defines addresses and interrupt-map.
 */
#include "arch/aarch64/probe/tree_state.h"

#include "common/lib/console.h"

/* The first of the three cells of a PCI address has these fields. */
#define SPACE_MASK     0x03000000
#define SPACE_IO       0x01000000
#define SPACE_MMIO32   0x02000000
#define SPACE_MMIO64   0x03000000
#define CHILD_CELLS    3
#define SLOT_SHIFT     11
#define SLOT_MASK      0x1f

#define ECAM_BUS_SIZE  0x100000
#define CAM_BUS_SIZE   0x10000
#define MAP_ROW_CELLS  4 /* cells of a row of msi-map and iommu-map */
#define INTX_PINS      4
#define INTID_SPI_BASE 32

/* Every known VMM has one window of a kind, so only the first is kept. */
static void add_window(const struct dt *dt, struct machine_pci_host *host,
                       uint32_t space, struct machine_range range,
                       paddr_t paddr)
{
	struct machine_range place = { paddr, range.size };

	if (!dt_translate(dt, &place))
		return;
	if (range.size > ~range.base ||
	    !is_within(place.base, place.size, MACHINE_ADDRESS_END))
		dt_refuse(dt, DT_RANGES, "beyond the address space");
	if (space == SPACE_IO && !host->io.size) {
		host->io = range;
		host->io_paddr = place.base;
	} else if (space >= SPACE_MMIO32) {
		struct machine_range *window =
			range.base < FOUR_GIB ? &host->mmio32 : &host->mmio64;

		if (range.base != place.base)
			dt_refuse(dt, DT_RANGES, "PCI memory must be 1:1");
		if (!window->size)
			*window = range;
	}
}

static void read_windows(const struct dt *dt, struct machine_pci_host *host)
{
	const struct dt_level *level = &dt->levels[dt->depth];
	const struct dt_value ranges = dt_get(dt, DT_RANGES);
	uint32_t parent_cells = level[-1].address_cells;
	uint32_t row = CHILD_CELLS + parent_cells + level->size_cells;

	/* dt_get_reg() has proven the number of the parent's cells. */
	if (level->address_cells != CHILD_CELLS || level->size_cells > 2 ||
	    ranges.size % (row * 4))
		dt_refuse(dt, DT_RANGES, "not whole ranges");
	for (uint32_t i = 0; i < ranges.size / 4; i += row) {
		uint32_t space = dt_cell(&ranges, i) & SPACE_MASK;
		struct machine_range range = {
			dt_cells(&ranges, i + 1, 2),
			dt_cells(&ranges, i + CHILD_CELLS + parent_cells,
			         level->size_cells),
		};

		add_window(dt, host, space, range,
		           dt_cells(&ranges, i + CHILD_CELLS, parent_cells));
	}
}

static void read_buses(const struct dt *dt, struct machine_pci_host *host,
                       uint64_t size)
{
	const struct dt_value range = dt_get(dt, DT_BUS_RANGE);
	uint32_t bus_size = host->is_cam ? CAM_BUS_SIZE : ECAM_BUS_SIZE;
	uint64_t count = size / bus_size;

	host->bus_last = 0xff;
	if (range.size == 2 * 4) {
		host->bus_first = dt_cell(&range, 0);
		host->bus_last = dt_cell(&range, 1);
	}
	if (host->bus_first > host->bus_last || host->bus_last > 0xff)
		dt_refuse(dt, DT_BUS_RANGE, "from 0 to 255");
	if (!count)
		dt_refuse(dt, DT_REG, "no room for a bus");
	if (count < host->bus_last - host->bus_first + 1)
		host->bus_last = host->bus_first + count - 1;
	host->ecam_size = (host->bus_last - host->bus_first + 1) * bus_size;
}

void tree_add_pci(struct tree *tree, bool is_cam)
{
	struct machine *machine = tree->machine;
	const struct dt *dt = &tree->dt;
	struct machine_pci_host *host =
		&machine->pci_hosts[machine->pci_host_count];
	struct machine_range ecam;

	if (!dt_get_reg(dt, 0, &ecam))
		return;
	if (machine->pci_host_count == MACHINE_PCI_HOST_MAX)
		panic("fdt: PCI hosts: more than %u", MACHINE_PCI_HOST_MAX);
	*host = (struct machine_pci_host){ 0 };
	host->segment = dt_get_u32(dt, DT_PCI_DOMAIN, machine->pci_host_count);
	if (host->segment > UINT16_MAX)
		dt_refuse(dt, DT_PCI_DOMAIN, "from 0 to 65535");
	host->is_express = true;
	host->is_cam = is_cam;
	host->is_dma_coherent = dt_is_coherent(dt);
	host->node = dt_read_numa_node(dt, machine);
	host->ecam_paddr = ecam.base;
	read_buses(dt, host, ecam.size);
	read_windows(dt, host);

	tree->pci[machine->pci_host_count++] = (struct tree_pci){
		.interrupt_map = dt_get(dt, DT_INTERRUPT_MAP),
		.interrupt_map_mask = dt_get(dt, DT_INTERRUPT_MAP_MASK),
		.msi_map = dt_get(dt, DT_MSI_MAP),
		.iommu_map = dt_get(dt, DT_IOMMU_MAP),
		.msi_parent = dt_get_u32(dt, DT_MSI_PARENT, 0),
	};
}

/* Returns the first row of a map that leads to `phandle`, or an empty map. */
static struct machine_id_map find_map(const struct dt_value *map,
                                      uint32_t phandle)
{
	uint32_t count = map->size / 4;

	for (uint32_t i = 0; i + MAP_ROW_CELLS <= count; i += MAP_ROW_CELLS) {
		if (phandle && dt_cell(map, i + 1) == phandle)
			return (struct machine_id_map){
				.input = dt_cell(map, i),
				.output = dt_cell(map, i + 2),
				.count = dt_cell(map, i + 3),
			};
	}
	return (struct machine_id_map){ 0 };
}

/*
 * Reads one row: child address, pin, parent, parent's address, SPI. Returns
 * false if the row does not lead to an SPI of the GIC.
 */
static INLINE bool read_route(const struct tree *tree,
                              const struct dt_value *map, uint32_t cell,
                              struct machine_pci_route *route)
{
	uint32_t spi_cell = cell + CHILD_CELLS + 2 + tree->gic_address_cells;
	uint32_t flags = dt_cell(map, spi_cell + 2);

	if (dt_cell(map, cell + CHILD_CELLS + 1) != tree->gic_phandle ||
	    dt_cell(map, spi_cell) != 0 ||
	    dt_cell(map, spi_cell + 1) >= TREE_INTID_END - INTID_SPI_BASE)
		return false;
	route->slot = dt_cell(map, cell) >> SLOT_SHIFT & SLOT_MASK;
	route->pin = (dt_cell(map, cell + CHILD_CELLS) - 1) % INTX_PINS;
	route->gsi = dt_cell(map, spi_cell + 1) + INTID_SPI_BASE;
	route->is_edge = flags & 3;
	route->is_active_low = flags & (2 | 8);
	return true;
}

/*
 * Tells whether slot number plus pin number, modulo 4, decides each route. Then
 * tables need no row for each of 32 slots. `gsi` is all 0 before.
 */
static bool is_swizzle(const struct tree *tree, const struct dt_value *map,
                       uint32_t row, uint32_t gsi[INTX_PINS])
{
	uint32_t count = 0;

	for (uint32_t i = 0; i + row <= map->size / 4; i += row) {
		struct machine_pci_route route;
		uint32_t *place;

		if (!read_route(tree, map, i, &route))
			continue;
		place = &gsi[(route.slot + route.pin) % INTX_PINS];
		if ((*place && *place != route.gsi) || route.is_edge ||
		    route.is_active_low)
			return false;
		*place = route.gsi;
		count++;
	}
	return count >= INTX_PINS * INTX_PINS;
}

static void add_routes(struct tree *tree, uint32_t index,
                       const struct dt_value *map, uint32_t row)
{
	struct machine *machine = tree->machine;
	struct machine_pci_host *host = &machine->pci_hosts[index];

	host->route_first = machine->pci_route_count;
	for (uint32_t i = 0; i + row <= map->size / 4; i += row) {
		struct machine_pci_route route = { .host = index };

		if (!read_route(tree, map, i, &route))
			continue;
		if (machine->pci_route_count == MACHINE_PCI_ROUTE_MAX)
			panic("fdt: interrupt-map: more than %u rows",
			      MACHINE_PCI_ROUTE_MAX);
		machine->pci_routes[machine->pci_route_count++] = route;
	}
	host->route_count = machine->pci_route_count - host->route_first;
}

static void finish_routes(struct tree *tree, uint32_t index)
{
	struct machine_pci_host *host = &tree->machine->pci_hosts[index];
	const struct dt_value *map = &tree->pci[index].interrupt_map;
	const struct dt_value *mask = &tree->pci[index].interrupt_map_mask;
	uint32_t row = CHILD_CELLS + 2 + tree->gic_address_cells + 3;
	uint32_t slot_mask = SLOT_MASK;

	if (tree->gic_address_cells > 2)
		return;
	if (mask->size == (CHILD_CELLS + 1) * 4)
		slot_mask = dt_cell(mask, 0) >> SLOT_SHIFT & SLOT_MASK;
	if ((slot_mask & 3) == 3 &&
	    is_swizzle(tree, map, row, host->intx_gsi)) {
		host->intx_count = INTX_PINS;
		return;
	}
	add_routes(tree, index, map, row);
	host->route_slot_mask = slot_mask;
}

void tree_finish_pci(struct tree *tree)
{
	struct machine *machine = tree->machine;

	for (uint32_t i = 0; i < machine->pci_host_count; i++) {
		struct machine_pci_host *host = &machine->pci_hosts[i];
		const struct tree_pci *pci = &tree->pci[i];

		finish_routes(tree, i);
		host->msi_map = find_map(&pci->msi_map, tree->its_phandle);
		if (pci->msi_parent && pci->msi_parent == tree->its_phandle)
			host->msi_map.count = 0x10000;
		host->iommu_map = find_map(&pci->iommu_map, tree->smmu_phandle);
	}
}
