/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/aarch64/probe/tree_ranges.c - RAM and devices lie apart
 *
 * The blob writes to what the tree calls RAM, and so does the kernel. A device
 * there would be written to, and RAM that is mapped as a device would be read
 * past the caches. dt_get_reg() has proven that no range wraps.
 */
#include "arch/aarch64/probe/tree_state.h"

#include "common/lib/console.h"

static void check_device(const struct machine *machine, const char *name,
                         paddr_t base, uint64_t size)
{
	for (uint32_t i = 0; i < machine->ram_count; i++) {
		const struct machine_ram *ram = &machine->ram[i];

		if (base < ram->base + ram->size && ram->base < base + size)
			panic("fdt: %s: %#lx bytes at %#lx: in the RAM at "
			      "%#lx",
			      name, size, base, ram->base);
	}
}

static void check_range(const struct machine *machine, const char *name,
                        const struct machine_range *range)
{
	if (range->size)
		check_device(machine, name, range->base, range->size);
}

static void check_interrupt_controller(const struct machine *machine)
{
	const struct machine_arm *arm = &machine->arm;

	check_range(machine, "GIC", &arm->gicd);
	check_range(machine, "GIC", &arm->gicc);
	check_range(machine, "GIC", &arm->gich);
	check_range(machine, "GIC", &arm->gicv);
	for (uint32_t i = 0; i < arm->gicr_count; i++)
		check_range(machine, "GIC", &arm->gicr[i]);
	check_range(machine, "ITS", &arm->its);
	check_range(machine, "v2m", &arm->v2m);
}

static void check_pci(const struct machine *machine)
{
	for (uint32_t i = 0; i < machine->pci_host_count; i++) {
		const struct machine_pci_host *host = &machine->pci_hosts[i];
		const struct machine_range io = { host->io_paddr,
			                          host->io.size };

		check_device(machine, "PCI host", host->ecam_paddr,
		             host->ecam_size);
		check_range(machine, "PCI window", &io);
		check_range(machine, "PCI window", &host->mmio32);
		check_range(machine, "PCI window", &host->mmio64);
	}
}

static void check_others(const struct machine *machine)
{
	const struct machine_arm *arm = &machine->arm;

	check_range(machine, "RTC", &arm->pl031);
	check_range(machine, "GPIO", &arm->pl061);
	check_range(machine, "SMMU", &arm->smmuv3);
	for (uint32_t i = 0; i < ARRAY_COUNT(arm->flash); i++)
		check_range(machine, "flash", &arm->flash[i]);
	for (uint32_t i = 0; i < ARRAY_COUNT(machine->vmbus.mmio); i++)
		check_range(machine, "VMBus", &machine->vmbus.mmio[i]);
}

void tree_check_ranges(const struct machine *machine)
{
	dt_check_memory(machine);
	for (uint32_t i = 0; i < machine->uart_count; i++)
		check_device(machine, "UART", machine->uarts[i].base,
		             machine->uarts[i].size);
	if (machine->fw_cfg.is_present)
		check_device(machine, "fw_cfg", machine->fw_cfg.paddr,
		             machine->fw_cfg.size);
	for (uint32_t i = 0; i < machine->virtio_mmio_count; i++) {
		const struct machine_virtio_mmio *row =
			&machine->virtio_mmio[i];

		check_device(machine, "virtio-mmio", row->paddr,
		             (row->more_count + 1ULL) * row->size);
	}
	check_interrupt_controller(machine);
	check_pci(machine);
	check_others(machine);
}
