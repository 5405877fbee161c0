/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/aarch64/describe/dt_pci.c - writes the nodes of PCI hosts
 *
 * The binding is pci/host-generic-pci.yaml; IEEE Std 1275-1994, PCI Bus Binding
 * 2.1, defines addresses and interrupt-map.
 */
#include "arch/aarch64/describe/dt_parts.h"

#define SPACE_IO       0x01000000
#define SPACE_MMIO32   0x02000000
#define SPACE_MMIO64   0x03000000
#define SLOT_SHIFT     11
#define PIN_MASK       7
#define INTX_PINS      4
#define MAP_ROW_CELLS  10 /* PCI address 3, pin, GIC, its address 2, SPI 3 */
#define RANGE_CELLS    7
#define INTID_SPI_BASE 32

static fdt32_t *put_range(fdt32_t *cell, uint32_t space,
                          const struct machine_range *range, paddr_t paddr)
{
	if (!range->size)
		return cell;
	cell = dt_put_u32(cell, space);
	cell = dt_put_u64(cell, range->base);
	cell = dt_put_u64(cell, paddr);
	return dt_put_u64(cell, range->size);
}

static void add_windows(void *fdt, const struct machine_pci_host *host)
{
	uint32_t count = (host->io.size != 0) + (host->mmio32.size != 0) +
	                 (host->mmio64.size != 0);
	fdt32_t *cell = dt_write_cells(fdt, "ranges", count * RANGE_CELLS);

	cell = put_range(cell, SPACE_IO, &host->io, host->io_paddr);
	cell = put_range(cell, SPACE_MMIO32, &host->mmio32, host->mmio32.base);
	put_range(cell, SPACE_MMIO64, &host->mmio64, host->mmio64.base);
}

static fdt32_t *put_route(fdt32_t *cell, uint32_t slot, uint32_t pin,
                          uint32_t gsi, enum dt_interrupt_flags flags)
{
	cell = dt_put_u32(cell, slot << SLOT_SHIFT);
	cell = dt_put_u64(cell, 0);
	cell = dt_put_u32(cell, pin + 1);
	cell = dt_put_u32(cell, DT_PHANDLE_GIC);
	cell = dt_put_u64(cell, 0);
	cell = dt_put_u32(cell, 0); /* tree_pci.c accepts only SPIs. */
	cell = dt_put_u32(cell, gsi - INTID_SPI_BASE);
	return dt_put_u32(cell, flags);
}

/*
 * If routes repeat every four slots, the mask keeps only the two low bits of
 * the slot number, and four slots of four rows serve all slots.
 */
static void add_interrupt_map(void *fdt, const struct machine *machine,
                              const struct machine_pci_host *host)
{
	const struct machine_pci_route *route =
		&machine->pci_routes[host->route_first];
	uint32_t slot_mask = host->intx_count ? 3 : host->route_slot_mask;
	uint32_t count =
		host->intx_count ? INTX_PINS * INTX_PINS : host->route_count;
	enum dt_interrupt_flags flags =
		dt_interrupt_flags(false, host->intx_is_active_low);
	fdt32_t *cell;

	if (!count)
		return;
	dt_write_u32(fdt, "#interrupt-cells", 1);
	cell = dt_write_cells(fdt, "interrupt-map-mask", 4);
	cell = dt_put_u32(cell, slot_mask << SLOT_SHIFT);
	cell = dt_put_u64(cell, 0);
	dt_put_u32(cell, PIN_MASK);
	cell = dt_write_cells(fdt, "interrupt-map", count * MAP_ROW_CELLS);
	for (uint32_t i = 0; i < count; i++, route++) {
		uint32_t slot = i / INTX_PINS, pin = i % INTX_PINS;

		if (host->intx_count)
			cell = put_route(
				cell, slot, pin,
				host->intx_gsi[(slot + pin + host->intx_bias) %
			                       INTX_PINS],
				flags);
		else
			cell = put_route(
				cell, route->slot, route->pin, route->gsi,
				dt_interrupt_flags(route->is_edge,
			                           route->is_active_low));
	}
}

static void add_id_map(void *fdt, const char *name,
                       const struct machine_id_map *map, uint32_t phandle)
{
	fdt32_t *cell;

	if (!map->count)
		return;
	cell = dt_write_cells(fdt, name, 4);
	cell = dt_put_u32(cell, map->input);
	cell = dt_put_u32(cell, phandle);
	cell = dt_put_u32(cell, map->output);
	dt_put_u32(cell, map->count);
}

static void add_host(void *fdt, const struct machine *machine,
                     const struct machine_pci_host *host)
{
	const struct machine_range ecam = { host->ecam_paddr, host->ecam_size };
	const struct machine_arm *arm = &machine->arm;
	fdt32_t *bus;

	dt_write_begin_at(fdt, "pcie", host->ecam_paddr);
	dt_write_string(fdt, "compatible",
	                host->is_cam ? "pci-host-cam-generic"
	                             : "pci-host-ecam-generic");
	dt_write_string(fdt, "device_type", "pci");
	dt_write_u32(fdt, "linux,pci-domain", host->segment);
	dt_write_reg(fdt, &ecam, 1);
	bus = dt_write_cells(fdt, "bus-range", 2);
	bus = dt_put_u32(bus, host->bus_first);
	dt_put_u32(bus, host->bus_last);
	dt_write_u32(fdt, "#address-cells", 3);
	dt_write_u32(fdt, "#size-cells", 2);
	if (host->is_dma_coherent)
		dt_write_empty(fdt, "dma-coherent");
	if (machine->node_count)
		dt_write_u32(fdt, "numa-node-id", host->node);
	add_windows(fdt, host);
	add_interrupt_map(fdt, machine, host);
	if (arm->its.size)
		add_id_map(fdt, "msi-map", &host->msi_map, DT_PHANDLE_MSI);
	else if (arm->v2m.size)
		dt_write_u32(fdt, "msi-parent", DT_PHANDLE_MSI);
	if (arm->smmuv3.size)
		add_id_map(fdt, "iommu-map", &host->iommu_map, DT_PHANDLE_SMMU);
	dt_write_end(fdt);
}

void dt_write_pci(void *fdt, const struct machine *machine)
{
	for (uint32_t i = 0; i < machine->pci_host_count; i++)
		add_host(fdt, machine, &machine->pci_hosts[i]);
}
