/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/aarch64/fdt_pci.c - PCI hosts
 *
 * bindings/pci/host-generic-pci.yaml; IEEE Std 1275-1994, PCI Bus Binding 2.1.
 */
#include "arch/aarch64/fdt_full.h"

#define SPACE_IO      0x01000000
#define SPACE_MMIO32  0x02000000
#define SPACE_MMIO64  0x03000000
#define SLOT_SHIFT    11
#define PIN_MASK      7
#define INTX_PINS     4
#define MAP_ROW_CELLS 10 /* PCI address 3, pin, GIC, its address 2, SPI 3 */
#define RANGE_CELLS   7

static void add_range(struct fdt_out_cells *cells, uint32_t space,
                      const struct machine_range *range, paddr_t paddr)
{
	if (!range->size)
		return;
	fdt_out_add_u32(cells, space);
	fdt_out_add_u64(cells, range->base);
	fdt_out_add_u64(cells, paddr);
	fdt_out_add_u64(cells, range->size);
}

static void add_windows(struct fdt_out *out,
                        const struct machine_pci_host *host)
{
	uint32_t count = (host->io.size != 0) + (host->mmio32.size != 0) +
	                 (host->mmio64.size != 0);
	struct fdt_out_cells cells =
		fdt_out_cells(out, "ranges", count * RANGE_CELLS);

	add_range(&cells, SPACE_IO, &host->io, host->io_paddr);
	add_range(&cells, SPACE_MMIO32, &host->mmio32, host->mmio32.base);
	add_range(&cells, SPACE_MMIO64, &host->mmio64, host->mmio64.base);
}

static void add_route(struct fdt_out_cells *cells, uint32_t slot, uint32_t pin,
                      uint32_t gsi, bool is_edge, bool is_active_low)
{
	fdt_out_add_u32(cells, slot << SLOT_SHIFT);
	fdt_out_add_u64(cells, 0);
	fdt_out_add_u32(cells, pin + 1);
	fdt_out_add_u32(cells, FDT_PHANDLE_GIC);
	fdt_out_add_u64(cells, 0);
	fdt_full_add_interrupt(cells, gsi, is_edge, is_active_low);
}

/* Slots that are alike modulo 4 need one set of rows for all of them. */
static void add_interrupt_map(struct fdt_out *out,
                              const struct machine *machine,
                              const struct machine_pci_host *host)
{
	const struct machine_pci_route *route =
		&machine->pci_routes[host->route_first];
	uint32_t slot_mask = host->intx_count ? 3 : host->route_slot_mask;
	uint32_t count =
		host->intx_count ? INTX_PINS * INTX_PINS : host->route_count;
	struct fdt_out_cells cells;

	if (!count)
		return;
	fdt_out_u32(out, "#interrupt-cells", 1);
	cells = fdt_out_cells(out, "interrupt-map-mask", 4);
	fdt_out_add_u32(&cells, slot_mask << SLOT_SHIFT);
	fdt_out_add_u64(&cells, 0);
	fdt_out_add_u32(&cells, PIN_MASK);
	cells = fdt_out_cells(out, "interrupt-map", count * MAP_ROW_CELLS);
	for (uint32_t i = 0; i < count; i++, route++) {
		uint32_t slot = i / INTX_PINS, pin = i % INTX_PINS;

		if (host->intx_count)
			add_route(
				&cells, slot, pin,
				host->intx_gsi[(slot + pin + host->intx_bias) %
			                       INTX_PINS],
				false, host->intx_is_active_low);
		else
			add_route(&cells, route->slot, route->pin, route->gsi,
			          route->is_edge, route->is_active_low);
	}
}

static void add_id_map(struct fdt_out *out, const char *name,
                       const struct machine_id_map *map, uint32_t phandle)
{
	struct fdt_out_cells cells;

	if (!map->count)
		return;
	cells = fdt_out_cells(out, name, 4);
	fdt_out_add_u32(&cells, map->input);
	fdt_out_add_u32(&cells, phandle);
	fdt_out_add_u32(&cells, map->output);
	fdt_out_add_u32(&cells, map->count);
}

static void add_host(struct fdt_out *out, const struct machine *machine,
                     const struct machine_pci_host *host)
{
	const struct machine_range ecam = { host->ecam_paddr, host->ecam_size };
	const struct machine_arm *arm = &machine->arm;
	struct fdt_out_cells buses;

	fdt_out_begin_at(out, "pcie", host->ecam_paddr);
	fdt_out_string(out, "compatible",
	               host->is_cam ? "pci-host-cam-generic"
	                            : "pci-host-ecam-generic");
	fdt_out_string(out, "device_type", "pci");
	fdt_out_u32(out, "linux,pci-domain", host->segment);
	fdt_full_reg(out, &ecam, 1);
	buses = fdt_out_cells(out, "bus-range", 2);
	fdt_out_add_u32(&buses, host->bus_first);
	fdt_out_add_u32(&buses, host->bus_last);
	fdt_out_u32(out, "#address-cells", 3);
	fdt_out_u32(out, "#size-cells", 2);
	if (host->is_dma_coherent)
		fdt_out_empty(out, "dma-coherent");
	if (machine->node_count)
		fdt_out_u32(out, "numa-node-id", host->node);
	add_windows(out, host);
	add_interrupt_map(out, machine, host);
	if (arm->its.size)
		add_id_map(out, "msi-map", &host->msi_map, FDT_PHANDLE_MSI);
	else if (arm->v2m.size)
		fdt_out_u32(out, "msi-parent", FDT_PHANDLE_MSI);
	if (arm->smmuv3.size)
		add_id_map(out, "iommu-map", &host->iommu_map,
		           FDT_PHANDLE_SMMU);
	fdt_out_end(out);
}

void fdt_full_pci(struct fdt_out *out, const struct machine *machine)
{
	for (uint32_t i = 0; i < machine->pci_host_count; i++)
		add_host(out, machine, &machine->pci_hosts[i]);
}
