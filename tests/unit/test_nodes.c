/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/unit/test_nodes.c - NUMA nodes of RAM and CPUs, from fw_cfg */
#include <string.h>

#include "arch/x86_64/memmap.h"
#include "arch/x86_64/probe/nodes.h"
#include "arch/x86_64/probe/ram.h"
#include "common/spec/fw_cfg.h"
#include "tests/unit/fake_cpu.h"
#include "tests/unit/fake_fw_cfg.h"
#include "tests/unit/fake_ram.h"
#include "tests/unit/test.h"

#define MIB      0x100000ULL
#define GIB      0x40000000ULL
#define WORD_MAX 4096

static struct machine machine;
static uint64_t words[WORD_MAX];
static uint32_t word_count;
static uint32_t max_cpus;

/* A q35 has 3 GiB below 4 GiB, one above, and a reserved hole. */
static void start(uint32_t cpus)
{
	memset(&machine, 0, MACHINE_CLEAR_SIZE);
	/* What lies behind the ranges is of nobody. */
	for (uint32_t i = 0; i < MACHINE_RAM_MAX; i++)
		machine.ram[i] = (struct machine_ram){ .size = 8 * GIB,
			                               .type = MEMORY_RAM,
			                               .node = 77 };
	memset(words, 0, sizeof(words));
	fake_fw_cfg_clear();
	machine.platform = MACHINE_PLATFORM_Q35;
	machine.fw_cfg.is_present = true;
	ram_add(&machine, 0, 3 * GIB, MEMORY_RAM);
	ram_add(&machine, 0xfeffc000, 0x4000, MEMORY_RESERVED);
	ram_add(&machine, FOUR_GIB, GIB, MEMORY_RAM);
	machine.cpu_count = cpus;
	for (uint32_t i = 0; i < cpus; i++)
		machine.cpus[i] = (struct machine_cpu){ .id = i };
	word_count = 0;
	max_cpus = cpus;
}

static void add(uint64_t word)
{
	words[word_count++] = word;
}

static void probe(void)
{
	fake_fw_cfg_add(FW_CFG_NUMA, words, word_count * 8);
	fake_fw_cfg_add(FW_CFG_MAX_CPUS, &max_cpus, 2);
	nodes_probe(&machine);
}

static void expect(uint32_t index, uint64_t base, uint64_t size, uint32_t node)
{
	EXPECT(index < machine.ram_count);
	EXPECT_EQ(machine.ram[index].base, base);
	EXPECT_EQ(machine.ram[index].size, size);
	EXPECT_EQ(machine.ram[index].node, node);
}

static void without_nodes_there_is_one(void)
{
	start(2);
	fake_cpu_clear();
	probe();
	EXPECT_EQ(machine.node_count, 0);
	EXPECT_EQ(machine.ram_count, 3);
	EXPECT_EQ(fake_cpu.out_count, 0); /* nor are there slots for RAM */
	start(2);
	add(2);
	machine.platform = MACHINE_PLATFORM_MICROVM; /* has no such item */
	probe();
	EXPECT_EQ(machine.node_count, 0);
	EXPECT_EQ(fake_fw_cfg_transfers(), 0);
	start(2);
	machine.fw_cfg.is_present = false;
	probe();
	EXPECT_EQ(fake_fw_cfg_transfers(), 0);
}

static void ram_is_cut_where_a_node_ends(void)
{
	start(4);
	add(2);
	for (uint32_t i = 0; i < 4; i++)
		add(i / 2);
	add(GIB);
	add(3 * GIB);
	probe();
	EXPECT_EQ(machine.node_count, 2);
	EXPECT_EQ(machine.cpus[1].node, 0);
	EXPECT_EQ(machine.cpus[2].node, 1);
	EXPECT_EQ(machine.ram_count, 4);
	expect(0, 0, GIB, 0);
	expect(1, GIB, 2 * GIB, 1);
	EXPECT_EQ(machine.ram[2].type, MEMORY_RESERVED);
	expect(3, FOUR_GIB, GIB, 1);
}

static void nodes_without_ram_are_passed_by(void)
{
	start(1);
	add(5);
	add(4);
	add(0);
	add(512 * MIB);
	add(0);
	add(2 * GIB + 512 * MIB);
	add(GIB);
	probe();
	EXPECT_EQ(machine.cpus[0].node, 4);
	expect(0, 0, 512 * MIB, 1);
	expect(1, 512 * MIB, 2 * GIB + 512 * MIB, 3);
	expect(3, FOUR_GIB, GIB, 4);
}

/* RAM beyond all nodes' sizes belongs to the last node. */
static void more_ram_than_the_nodes_have_is_the_lasts(void)
{
	start(1);
	add(2);
	add(0);
	add(MIB);
	add(MIB);
	probe();
	EXPECT_EQ(machine.ram_count, 4);
	expect(0, 0, MIB, 0);
	expect(1, MIB, 3 * GIB - MIB, 1);
	expect(3, FOUR_GIB, GIB, 1);
	start(1);
	add(1);
	add(0);
	add(UINT64_MAX);
	probe();
	EXPECT_EQ(machine.ram_count, 3);
	expect(2, FOUR_GIB, GIB, 0);
}

/* A range may be cut at every node. */
static void many_nodes_cut_a_range_in_order(void)
{
	start(1);
	add(MACHINE_NODE_MAX);
	add(63);
	for (uint32_t i = 0; i < MACHINE_NODE_MAX; i++)
		add(16 * MIB);
	probe();
	EXPECT_EQ(machine.ram_count, 3 + 63);
	for (uint32_t i = 0; i < 63; i++)
		expect(i, i * 16 * MIB, 16 * MIB, i);
	expect(63, 63 * 16 * MIB, 3 * GIB - 63 * 16 * MIB, 63);
	EXPECT_EQ(machine.ram[64].type, MEMORY_RESERVED);
	expect(65, FOUR_GIB, GIB, 63);
}

static void each_cpu_has_its_node(void)
{
	start(8);
	machine.cpus[8].node = 7; /* behind the last */
	add(3);
	for (uint32_t i = 0; i < 8; i++)
		add(i % 3);
	for (uint32_t i = 0; i < 3; i++)
		add(GIB);
	probe();
	EXPECT_EQ(machine.node_count, 3);
	for (uint32_t i = 0; i < 8; i++)
		EXPECT_EQ(machine.cpus[i].node, i % 3);
	EXPECT_EQ(machine.cpus[8].node, 7);
}

static void cpus_of_no_node_have_the_first(void)
{
	start(3);
	max_cpus = 2;
	machine.cpus[1].id = 500; /* beyond the list */
	add(2);
	add(1);
	add(99); /* no such node */
	add(GIB);
	add(GIB);
	machine.cpus[2].id = 1;
	probe();
	EXPECT_EQ(machine.cpus[0].node, 1);
	EXPECT_EQ(machine.cpus[1].node, 0);
	EXPECT_EQ(machine.cpus[2].node, 0);
}

/* A controller of slots, see QEMU docs/specs/acpi_mem_hotplug. */
static struct {
	uint64_t base, size;
	uint32_t node;
} slots[256];
static uint32_t slot_count, selected;

static void select_slot(uint16_t port, uint32_t size, uint32_t value)
{
	EXPECT_EQ(port, 0xa00);
	EXPECT_EQ(size, 4);
	selected = value;
}

static uint32_t read_slot(uint16_t port, uint32_t size)
{
	EXPECT(port >= 0xa00 && port + size <= 0xa14);
	return selected < slot_count
	               ? ((uint32_t *)&slots[selected])[(port - 0xa00) / 4]
	               : 0;
}

static void start_slots(uint32_t count)
{
	memset(slots, 0, sizeof(slots));
	start(1);
	add(2);
	add(0);
	add(3 * GIB);
	add(GIB);
	fake_cpu_clear();
	fake_cpu.out = select_slot;
	fake_cpu.in = read_slot;
	slot_count = count;
}

/* Slots may be empty, and any of them may have the lowest address. */
static void dimms_are_ram(void)
{
	start_slots(256);
	slots[1].base = 5 * GIB;
	slots[1].size = 256 * MIB;
	slots[1].node = 1;
	slots[255].base = 0x4000 * GIB;
	slots[255].size = 4 * GIB;
	probe();
	EXPECT_EQ(machine.ram_count, 5);
	expect(2, FOUR_GIB, GIB, 1);
	expect(3, 5 * GIB, 256 * MIB, 1);
	expect(4, 0x4000 * GIB, 4 * GIB, 0);
	EXPECT_EQ(machine.ram[3].type, MEMORY_RAM);
}

static void without_slots_there_are_none(void)
{
	start_slots(0);
	probe();
	EXPECT_EQ(machine.ram_count, 3);
	start_slots(0);
	fake_cpu_clear();
	probe();
	EXPECT_EQ(machine.ram_count, 3);
	EXPECT_EQ(fake_cpu.out_count, 1);
}

/* Port A00 may lead to something else. It is asked for so many slots only. */
static void what_has_no_end_has_256_slots(void)
{
	start_slots(256);
	probe();
	EXPECT_EQ(machine.ram_count, 3);
	EXPECT_EQ(selected, 255);
}

static void too_many_dimms_panic(void)
{
	start_slots(256);
	for (uint32_t i = 0; i < 256; i++) {
		slots[i].base = (8 + i) * GIB;
		slots[i].size = GIB;
	}
	while (machine.ram_count + 255 < MACHINE_RAM_MAX)
		ram_add(&machine, 0xff000000, 1, MEMORY_RESERVED);
	EXPECT_PANIC("e820: more than 512 ranges", probe());
}

static void too_many_panic(void)
{
	start(1);
	add(MACHINE_NODE_MAX + 1);
	EXPECT_PANIC("numa: 65 nodes, at most 64", probe());
	start(1);
	add(UINT64_MAX);
	EXPECT_PANIC("numa: 18446744073709551615 nodes, at most 64", probe());
	start(1);
	add(2);
	max_cpus = 0xffff;
	EXPECT_PANIC("numa: 65535 APIC IDs and 2 nodes, at most 2047 together",
	             probe());
	start(1);
	add(2);
	max_cpus = 2045;
	probe();
	EXPECT_EQ(machine.node_count, 2);
	start(1);
	add(2);
	max_cpus = 2046;
	EXPECT_PANIC("numa: 2046 APIC IDs", probe());
	start(1);
	add(2);
	add(0);
	add(MIB);
	add(MIB);
	while (machine.ram_count < MACHINE_RAM_MAX)
		ram_add(&machine, 8 * GIB, MIB, MEMORY_RAM);
	EXPECT_PANIC("e820: more than 512 ranges", probe());
}

int main(void)
{
	if (!fake_ram_map(SCRATCH_BASE, SCRATCH_BASE + SCRATCH_SIZE))
		return fake_ram_skip("test_nodes");
	RUN(without_nodes_there_is_one);
	RUN(ram_is_cut_where_a_node_ends);
	RUN(nodes_without_ram_are_passed_by);
	RUN(more_ram_than_the_nodes_have_is_the_lasts);
	RUN(many_nodes_cut_a_range_in_order);
	RUN(each_cpu_has_its_node);
	RUN(cpus_of_no_node_have_the_first);
	RUN(dimms_are_ram);
	RUN(without_slots_there_are_none);
	RUN(what_has_no_end_has_256_slots);
	RUN(too_many_dimms_panic);
	RUN(too_many_panic);
	return test_status();
}
