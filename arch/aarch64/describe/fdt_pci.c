/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/aarch64/describe/fdt_pci.c - PCI hosts
 *
 * bindings/pci/host-generic-pci.yaml; IEEE Std 1275-1994, PCI Bus Binding 2.1.
 */
#include "arch/aarch64/describe/fdt_full.h"

#define SPACE_IO       0x01000000
#define SPACE_MMIO32   0x02000000
#define SPACE_MMIO64   0x03000000
#define SLOT_SHIFT     11
#define PIN_MASK       7
#define INTX_PINS      4
#define MAP_ROW_CELLS  10 /* PCI address 3, pin, GIC, its address 2, SPI 3 */
#define RANGE_CELLS    7
#define INTID_SPI_BASE 32

static struct fdt_cell *put_range(struct fdt_cell *cell, uint32_t space,
                                  const struct machine_range *range,
                                  paddr_t paddr)
{
	if (!range->size)
		return cell;
	cell = fdt_put_u32(cell, space);
	cell = fdt_put_u64(cell, range->base);
	cell = fdt_put_u64(cell, paddr);
	return fdt_put_u64(cell, range->size);
}

static void add_windows(struct fdt_out *out,
                        const struct machine_pci_host *host)
{
	uint32_t count = (host->io.size != 0) + (host->mmio32.size != 0) +
	                 (host->mmio64.size != 0);
	struct fdt_cell *cell =
		fdt_out_cells(out, FDT_RANGES, count * RANGE_CELLS);

	cell = put_range(cell, SPACE_IO, &host->io, host->io_paddr);
	cell = put_range(cell, SPACE_MMIO32, &host->mmio32, host->mmio32.base);
	put_range(cell, SPACE_MMIO64, &host->mmio64, host->mmio64.base);
}

static struct fdt_cell *put_route(struct fdt_cell *cell, uint32_t slot,
                                  uint32_t pin, uint32_t gsi,
                                  enum fdt_interrupt_flags flags)
{
	cell = fdt_put_u32(cell, slot << SLOT_SHIFT);
	cell = fdt_put_u64(cell, 0);
	cell = fdt_put_u32(cell, pin + 1);
	cell = fdt_put_u32(cell, FDT_PHANDLE_GIC);
	cell = fdt_put_u64(cell, 0);
	cell = fdt_put_u32(cell, 0); /* an SPI, as tree_pci.c takes no other */
	cell = fdt_put_u32(cell, gsi - INTID_SPI_BASE);
	return fdt_put_u32(cell, flags);
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
	enum fdt_interrupt_flags flags =
		fdt_full_flags(false, host->intx_is_active_low);
	struct fdt_cell *cell;

	if (!count)
		return;
	fdt_out_u32(out, FDT_INTERRUPT_CELLS, 1);
	cell = fdt_out_cells(out, FDT_INTERRUPT_MAP_MASK, 4);
	cell = fdt_put_u32(cell, slot_mask << SLOT_SHIFT);
	cell = fdt_put_u64(cell, 0);
	fdt_put_u32(cell, PIN_MASK);
	cell = fdt_out_cells(out, FDT_INTERRUPT_MAP, count * MAP_ROW_CELLS);
	for (uint32_t i = 0; i < count; i++, route++) {
		uint32_t slot = i / INTX_PINS, pin = i % INTX_PINS;

		if (host->intx_count)
			cell = put_route(
				cell, slot, pin,
				host->intx_gsi[(slot + pin + host->intx_bias) %
			                       INTX_PINS],
				flags);
		else
			cell = put_route(cell, route->slot, route->pin,
			                 route->gsi,
			                 fdt_full_flags(route->is_edge,
			                                route->is_active_low));
	}
}

static void add_id_map(struct fdt_out *out, enum fdt_property name,
                       const struct machine_id_map *map, uint32_t phandle)
{
	struct fdt_cell *cell;

	if (!map->count)
		return;
	cell = fdt_out_cells(out, name, 4);
	cell = fdt_put_u32(cell, map->input);
	cell = fdt_put_u32(cell, phandle);
	cell = fdt_put_u32(cell, map->output);
	fdt_put_u32(cell, map->count);
}

static void add_host(struct fdt_out *out, const struct machine *machine,
                     const struct machine_pci_host *host)
{
	const struct machine_range ecam = { host->ecam_paddr, host->ecam_size };
	const struct machine_arm *arm = &machine->arm;
	struct fdt_cell *bus;

	fdt_out_begin_at(out, "pcie", host->ecam_paddr);
	fdt_out_string(out, FDT_COMPATIBLE,
	               host->is_cam ? "pci-host-cam-generic"
	                            : "pci-host-ecam-generic");
	fdt_out_string(out, FDT_DEVICE_TYPE, "pci");
	fdt_out_u32(out, FDT_PCI_DOMAIN, host->segment);
	fdt_full_reg(out, &ecam, 1);
	bus = fdt_out_cells(out, FDT_BUS_RANGE, 2);
	bus = fdt_put_u32(bus, host->bus_first);
	fdt_put_u32(bus, host->bus_last);
	fdt_out_u32(out, FDT_ADDRESS_CELLS, 3);
	fdt_out_u32(out, FDT_SIZE_CELLS, 2);
	if (host->is_dma_coherent)
		fdt_out_empty(out, FDT_DMA_COHERENT);
	if (machine->node_count)
		fdt_out_u32(out, FDT_NUMA_NODE_ID, host->node);
	add_windows(out, host);
	add_interrupt_map(out, machine, host);
	if (arm->its.size)
		add_id_map(out, FDT_MSI_MAP, &host->msi_map, FDT_PHANDLE_MSI);
	else if (arm->v2m.size)
		fdt_out_u32(out, FDT_MSI_PARENT, FDT_PHANDLE_MSI);
	if (arm->smmuv3.size)
		add_id_map(out, FDT_IOMMU_MAP, &host->iommu_map,
		           FDT_PHANDLE_SMMU);
	fdt_out_end(out);
}

void fdt_full_pci(struct fdt_out *out, const struct machine *machine)
{
	for (uint32_t i = 0; i < machine->pci_host_count; i++)
		add_host(out, machine, &machine->pci_hosts[i]);
}
