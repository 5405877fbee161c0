/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/igvm/nodes.c - reads the host's SRAT, see nodes.h
 *
 * ACPI 6.4 section 5.2.16.
 */
#include "arch/x86_64/igvm/nodes.h"

#include "common/lib/console.h"

union srat_entry {
	const uint8_t *bytes; /* type, length */
	const struct acpi_srat_lapic *lapic;
	const struct acpi_srat_memory *memory;
	const struct acpi_srat_x2apic *x2apic;
};

/* The least sizes of entries, by their type. Those of others are not read. */
static const uint8_t entry_sizes[] = {
	[ACPI_SRAT_LAPIC] = sizeof(struct acpi_srat_lapic),
	[ACPI_SRAT_MEMORY] = sizeof(struct acpi_srat_memory),
	[ACPI_SRAT_X2APIC] = sizeof(struct acpi_srat_x2apic),
};

static void add_node(struct machine *machine, uint32_t node)
{
	if (node >= MACHINE_NODE_MAX)
		panic("acpi: VMM's SRAT: node %u, at most %u", node,
		      MACHINE_NODE_MAX - 1);
	machine->node_count = max_u64(machine->node_count, node + 1);
}

static void set_cpu_node(struct machine *machine, uint32_t id, uint32_t node)
{
	uint32_t low = 1, high = machine->cpu_count;

	add_node(machine, node);
	if (machine->cpus[0].id == id)
		machine->cpus[0].node = node;
	while (low < high) {
		uint32_t middle = (low + high) / 2;

		if (machine->cpus[middle].id < id)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < machine->cpu_count && machine->cpus[low].id == id)
		machine->cpus[low].node = node;
}

/* Cuts the range of RAM that holds `at`, unless one starts or ends there. */
static void cut_ram(struct machine *machine, uint64_t at)
{
	struct machine_ram *ram = machine->ram;
	uint32_t i = 0;

	while (i < machine->ram_count && ram[i].base + ram[i].size <= at)
		i++;
	if (i == machine->ram_count || ram[i].base >= at)
		return;
	if (machine->ram_count == MACHINE_RAM_MAX)
		panic("memory map: more than %u ranges", MACHINE_RAM_MAX);
	for (uint32_t j = machine->ram_count++; j > i; j--)
		ram[j] = ram[j - 1];
	ram[i].size = at - ram[i].base;
	ram[i + 1].base += ram[i].size;
	ram[i + 1].size -= ram[i].size;
}

static void set_ram_node(struct machine *machine,
                         const struct acpi_srat_memory *memory)
{
	uint32_t node = memory->proximity_domain;

	if (!is_within(memory->base, memory->size, MACHINE_ADDRESS_END))
		panic("acpi: VMM's SRAT: %#lx bytes at %#lx", memory->size,
		      memory->base);
	if (!memory->size)
		return;
	add_node(machine, node);
	cut_ram(machine, memory->base);
	cut_ram(machine, memory->base + memory->size);
	for (uint32_t i = 0; i < machine->ram_count; i++) {
		struct machine_ram *ram = &machine->ram[i];

		if (ram->base - memory->base < memory->size)
			ram->node = node;
	}
}

static void read_entry(struct machine *machine, union srat_entry entry)
{
	const struct acpi_srat_lapic *lapic = entry.lapic;

	switch (*entry.bytes) {
	case ACPI_SRAT_LAPIC:
		if (lapic->flags & ACPI_SRAT_ENABLED)
			set_cpu_node(
				machine, lapic->apic_id,
				lapic->proximity_domain_low |
					load_le16(lapic->proximity_domain_high)
						<< 8 |
					(uint32_t)lapic->proximity_domain_high
							[2]
						<< 24);
		break;
	case ACPI_SRAT_X2APIC:
		if (entry.x2apic->flags & ACPI_SRAT_ENABLED)
			set_cpu_node(machine, entry.x2apic->x2apic_id,
			             entry.x2apic->proximity_domain);
		break;
	case ACPI_SRAT_MEMORY:
		if (entry.memory->flags & ACPI_SRAT_ENABLED)
			set_ram_node(machine, entry.memory);
	}
}

void nodes_read_srat(struct machine *machine, const struct acpi_header *srat)
{
	union srat_entry entry = { (const uint8_t *)srat +
		                   sizeof(struct acpi_srat) };
	uint64_t left = srat->length - sizeof(struct acpi_srat);

	while (left >= 2) {
		uint32_t type = *entry.bytes, size = entry.bytes[1];

		if (size > left || size < 2 ||
		    (type < sizeof(entry_sizes) && size < entry_sizes[type]))
			panic("acpi: VMM's SRAT: type %u has %u bytes of %u",
			      type, size, (uint32_t)left);
		read_entry(machine, entry);
		entry.bytes += size;
		left -= size;
	}
}
