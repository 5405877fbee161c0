/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/unit/test_srat.c - nodes of CPUs and RAM by the SRAT of a host */
#include <string.h>

#include "arch/x86_64/igvm/nodes.h"
#include "tests/unit/test.h"

static struct {
	struct acpi_srat head;
	uint8_t entries[0x8000];
} table;

static struct machine machine;

static void start(void)
{
	static const uint32_t ids[] = { 4, 0, 2, 6, 0x102 };

	table.head.header.length = sizeof(table.head);
	memset(&machine, 0, sizeof(machine));
	for (uint32_t i = 0; i < ARRAY_COUNT(ids); i++)
		machine.cpus[machine.cpu_count++].id = ids[i];
	machine.ram_count = 2;
	machine.ram[0] = (struct machine_ram){ 0, 0x10000, MEMORY_RAM, 0, 0 };
	machine.ram[1] =
		(struct machine_ram){ 0x20000, 0x10000, MEMORY_RAM, 0, 3 };
}

static void add(const void *entry, uint32_t size)
{
	memcpy((uint8_t *)&table + table.head.header.length, entry, size);
	table.head.header.length += size;
}

static void add_cpu(uint32_t id, uint32_t node, uint32_t flags)
{
	const struct acpi_srat_x2apic entry = {
		.type = ACPI_SRAT_X2APIC,
		.length = sizeof(entry),
		.proximity_domain = node,
		.x2apic_id = id,
		.flags = flags,
	};

	add(&entry, sizeof(entry));
}

static void add_old_cpu(uint8_t id, uint32_t node)
{
	const struct acpi_srat_lapic entry = {
		.type = ACPI_SRAT_LAPIC,
		.length = sizeof(entry),
		.proximity_domain_low = node,
		.apic_id = id,
		.flags = ACPI_SRAT_ENABLED,
		.proximity_domain_high = { node >> 8, node >> 16, node >> 24 },
	};

	add(&entry, sizeof(entry));
}

static void add_ram(uint64_t base, uint64_t size, uint32_t node, uint32_t flags)
{
	const struct acpi_srat_memory entry = {
		.type = ACPI_SRAT_MEMORY,
		.length = sizeof(entry),
		.proximity_domain = node,
		.base = base,
		.size = size,
		.flags = flags,
	};

	add(&entry, sizeof(entry));
}

static void read_srat(void)
{
	nodes_read_srat(&machine, &table.head.header);
}

static void cpus_get_their_nodes(void)
{
	start();
	add_cpu(0x102, 1, ACPI_SRAT_ENABLED);
	add_old_cpu(4, 2); /* the boot processor, which comes first */
	add_old_cpu(0, 1);
	add_cpu(6, 3, 0);                 /* not enabled */
	add_cpu(5, 1, ACPI_SRAT_ENABLED); /* there is none such */
	read_srat();
	EXPECT_EQ(machine.node_count, 3);
	EXPECT_EQ(machine.cpus[0].node, 2);
	EXPECT_EQ(machine.cpus[1].node, 1);
	EXPECT_EQ(machine.cpus[2].node, 0);
	EXPECT_EQ(machine.cpus[3].node, 0);
	EXPECT_EQ(machine.cpus[4].node, 1);
}

static void expect_ram(uint32_t index, uint64_t base, uint64_t size,
                       uint32_t node)
{
	EXPECT_EQ(machine.ram[index].base, base);
	EXPECT_EQ(machine.ram[index].size, size);
	EXPECT_EQ(machine.ram[index].node, node);
	EXPECT_EQ(machine.ram[index].igvm_type, base < 0x20000 ? 0 : 3);
}

static void ram_is_cut_where_a_node_ends(void)
{
	start();
	add_ram(0, 0x8000, 0, ACPI_SRAT_ENABLED);
	add_ram(0x8000, 0x20000, 1, ACPI_SRAT_ENABLED);
	add_ram(0x28000, 0x1000, 2, 0); /* not enabled */
	add_ram(0x2c000, 0x4000, 2, ACPI_SRAT_ENABLED);
	add_ram(0x40000, 0, 3, ACPI_SRAT_ENABLED); /* of no size */
	read_srat();
	EXPECT_EQ(machine.node_count, 3);
	EXPECT_EQ(machine.ram_count, 5);
	expect_ram(0, 0, 0x8000, 0);
	expect_ram(1, 0x8000, 0x8000, 1);
	expect_ram(2, 0x20000, 0x8000, 1);
	expect_ram(3, 0x28000, 0x4000, 0);
	expect_ram(4, 0x2c000, 0x4000, 2);
}

static void other_entries_are_skipped(void)
{
	static const uint8_t other[] = { 9, 3, 0 };

	start();
	add(other, sizeof(other));
	add_old_cpu(2, 1);
	read_srat();
	EXPECT_EQ(machine.cpus[2].node, 1);
}

static void nodes_beyond_the_last_are_refused(void)
{
	start();
	add_cpu(0, MACHINE_NODE_MAX - 1, ACPI_SRAT_ENABLED);
	read_srat();
	EXPECT_EQ(machine.node_count, MACHINE_NODE_MAX);
	start();
	add_cpu(0, 64, ACPI_SRAT_ENABLED);
	EXPECT_PANIC("acpi: VMM's SRAT: node 64, at most 63", read_srat());
	start();
	add_old_cpu(0, 0x1000000);
	EXPECT_PANIC("acpi: VMM's SRAT: node 16777216, at most 63",
	             read_srat());
	start();
	add_ram(0, 0x1000, UINT32_MAX, ACPI_SRAT_ENABLED);
	EXPECT_PANIC("acpi: VMM's SRAT: node 4294967295, at most 63",
	             read_srat());
}

static void ram_that_wraps_is_refused(void)
{
	start();
	add_ram(UINT64_MAX - 0xfff, 0x2000, 0, ACPI_SRAT_ENABLED);
	EXPECT_PANIC("acpi: VMM's SRAT: 0x2000 bytes at 0xfffffffffffff000",
	             read_srat());
	start();
	add_ram(MACHINE_ADDRESS_END - 0x1000, 0x1001, 0, ACPI_SRAT_ENABLED);
	EXPECT_PANIC("acpi: VMM's SRAT: 0x1001 bytes at ", read_srat());
	start();
	add_ram(MACHINE_ADDRESS_END - 0x1000, 0x1000, 0, ACPI_SRAT_ENABLED);
	read_srat();
}

static void entries_that_are_not_whole_are_refused(void)
{
	static const uint8_t entries[][4] = {
		{ 0, 15 }, { 1, 39 }, { 2, 23 }, { 9, 1 }, { 9, 0 }, { 0, 16 },
	};
	static const char *const lines[] = {
		"acpi: VMM's SRAT: type 0 has 15 bytes of 4",
		"acpi: VMM's SRAT: type 1 has 39 bytes of 4",
		"acpi: VMM's SRAT: type 2 has 23 bytes of 4",
		"acpi: VMM's SRAT: type 9 has 1 bytes of 4",
		"acpi: VMM's SRAT: type 9 has 0 bytes of 4",
		"acpi: VMM's SRAT: type 0 has 16 bytes of 4",
	};

	for (volatile uint32_t i = 0; i < ARRAY_COUNT(entries); i++) {
		start();
		add(entries[i], sizeof(entries[i]));
		EXPECT_PANIC(lines[i], read_srat());
	}
	/* One that is whole but for its type's least size */
	for (volatile uint8_t type = 0; type < 3; type++) {
		uint8_t entry[40] = { type, (uint8_t[]){ 15, 39, 23 }[type] };

		start();
		add(entry, sizeof(entry));
		EXPECT_PANIC("bytes of 40", read_srat());
	}
	start();
	add(entries[3], 1); /* A byte is no entry. */
	read_srat();
}

static void too_many_pieces_are_refused(void)
{
	start();
	for (uint32_t i = 0; i < MACHINE_RAM_MAX; i++)
		add_ram(i * 0x80 + 0x20, 0x20, 1, ACPI_SRAT_ENABLED);
	EXPECT_PANIC("memory map: more than 512 ranges", read_srat());
}

int main(void)
{
	RUN(cpus_get_their_nodes);
	RUN(ram_is_cut_where_a_node_ends);
	RUN(other_entries_are_skipped);
	RUN(nodes_beyond_the_last_are_refused);
	RUN(ram_that_wraps_is_refused);
	RUN(entries_that_are_not_whole_are_refused);
	RUN(too_many_pieces_are_refused);
	return test_status();
}
