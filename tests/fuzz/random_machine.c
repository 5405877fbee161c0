/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/fuzz/random_machine.c - random parts of machines */
#include "tests/fuzz/random_machine.h"

#define MIB 0x100000ULL
#define GIB 0x40000000ULL

/* Returns a count, which is mostly small, so that most runs are quick. */
static uint32_t some(struct fuzz_input *input, uint32_t max)
{
	bool is_large = fuzz_u8(input) % 8 == 7;

	return 1 + (is_large ? fuzz_u16(input) % max : fuzz_u8(input) % 16u);
}

void random_cpus(struct fuzz_input *input, struct machine *machine,
                 uint64_t id_end)
{
	uint32_t count = some(input, MACHINE_CPU_MAX);
	uint64_t step = 1 + fuzz_u8(input) % (id_end / MACHINE_CPU_MAX);

	machine->node_count =
		fuzz_bool(input) ? 1 + fuzz_below(input, MACHINE_NODE_MAX) : 0;
	machine->cpu_count = count;
	for (uint32_t i = 0; i < count; i++)
		machine->cpus[i] = (struct machine_cpu){
			.id = i * step,
			.node = machine->node_count ? i % machine->node_count
			                            : 0,
			.place = MACHINE_PLACE(i / 32, i / 8 % 4, i / 2 % 4),
		};
	machine->has_cpu_places = fuzz_bool(input);
	machine->has_distances = machine->node_count && fuzz_bool(input);
	for (uint32_t i = 0; i < machine->node_count; i++)
		for (uint32_t j = 0; j < machine->node_count; j++)
			machine->distances[i][j] =
				(uint8_t)(i == j ? 10 : 20 + (i ^ j));
}

void random_ram(struct fuzz_input *input, struct machine *machine)
{
	uint32_t count = some(input, MACHINE_RAM_MAX);
	uint64_t base = machine->ram[0].base;

	machine->ram_count = count;
	for (uint32_t i = 0; i < count; i++) {
		uint64_t size = MIB << fuzz_u8(input) % 20;

		machine->ram[i] = (struct machine_ram){
			.base = base,
			.size = size,
			.type = i % 7 == 6 ? MEMORY_RESERVED : MEMORY_RAM,
			.node = machine->node_count ? i % machine->node_count
			                            : 0,
		};
		base += size + MIB * (i % 3);
	}
}

/* Gives a host interrupt pins, or routes of single slots. */
static void wire(struct fuzz_input *input, struct machine *machine,
                 uint32_t index)
{
	struct machine_pci_host *host = &machine->pci_hosts[index];
	uint32_t count = fuzz_below(input, 40);

	host->intx_count = fuzz_below(input, 3) * 4;
	host->intx_bias = fuzz_below(input, 4);
	for (uint32_t i = 0; i < MACHINE_PCI_INTX_MAX; i++)
		host->intx_gsi[i] = 16 + i;
	host->route_first = machine->pci_route_count;
	host->route_count = 0;
	host->route_slot_mask = 0x1f;
	if (host->intx_count)
		return;
	for (uint32_t i = 0; i < count; i++) {
		if (machine->pci_route_count == MACHINE_PCI_ROUTE_MAX)
			return;
		host->route_count++;
		machine->pci_routes[machine->pci_route_count++] =
			(struct machine_pci_route){
				.host = (uint8_t)index,
				.slot = (uint8_t)(i / 4),
				.pin = i % 4,
				.gsi = 32 + i,
				.is_active_low = i & 1,
			};
	}
}

void random_pci(struct fuzz_input *input, struct machine *machine)
{
	uint32_t count = fuzz_below(input, MACHINE_PCI_HOST_MAX + 1);

	machine->pci_host_count = count;
	machine->pci_route_count = 0;
	for (uint32_t i = 0; i < count; i++) {
		uint32_t first = fuzz_bool(input) ? fuzz_u8(input) % 128 : 0;
		uint32_t last = first + fuzz_u8(input) % 128;

		machine->pci_hosts[i] = (struct machine_pci_host){
			.segment = i,
			.bus_first = first,
			.bus_last = last,
			.has_port_access = fuzz_bool(input),
			.is_express = fuzz_bool(input),
			.is_dma_coherent = fuzz_bool(input),
			.has_acpi_hotplug = fuzz_bool(input),
			.ecam_paddr = fuzz_bool(input) ? (64 + i) * GIB : 0,
			.ecam_size = (last - first + 1) * MIB,
			.io = { 0, fuzz_u16(input) },
			.io_paddr = fuzz_bool(input) ? 0x3eff0000 : 0,
			.mmio32 = { 0xc0000000 + i * 0x1000000, 0x1000000 },
			.mmio64 = { (512 + i) * GIB,
			            fuzz_bool(input) ? GIB : 0 },
			.node = machine->node_count ? i % machine->node_count
			                            : 0,
			.msi_map = { 0, i << 16, fuzz_u16(input) },
			.iommu_map = { 0, i << 16, fuzz_u16(input) },
		};
		wire(input, machine, i);
	}
}

void random_slots(struct fuzz_input *input, struct machine *machine)
{
	uint32_t count = fuzz_below(input, 9);
	uint64_t paddr = 0xd0000000;

	machine->virtio_mmio_count = count;
	for (uint32_t i = 0; i < count; i++) {
		uint32_t more = fuzz_below(input, 15);

		machine->virtio_mmio[i] = (struct machine_virtio_mmio){
			.paddr = paddr,
			.size = 0x200u << i % 4,
			.gsi = 32 + i * 16,
			.more_count = more,
			.is_edge = fuzz_bool(input),
		};
		paddr += 0x10000;
	}
}
