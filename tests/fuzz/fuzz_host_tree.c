/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/fuzz/fuzz_host_tree.c - device trees that hosts give to an IGVM file
 *
 * A tree of OpenVMM's layout, in a block of exactly its size, is edited, cut
 * and read. What is accepted is such a machine as the boot relies on.
 */
#include <stdlib.h>
#include <string.h>

#include "arch/x86_64/igvm/host_tree.h"
#include "tests/fuzz/edit_tree.h"
#include "tests/unit/trees.h"

static const uint64_t bounds[] = { 1ULL << 32, 1ULL << 47,  1ULL << 52,
	                           0x20000000, 0x100000000, 0x140000000 };

static struct machine machine;
static struct trees_blob tree;
static uint8_t *copy;

bool fuzz_begin(const char *program)
{
	fuzz_bounds = bounds;
	fuzz_bound_count = ARRAY_COUNT(bounds);
	trees_init_fuzz(program);
	tree = trees_load("host-x86");
	return true;
}

static void expect_cpus(void)
{
	for (uint32_t i = 0; i < machine.cpu_count; i++) {
		FUZZ_EXPECT(!i || machine.cpus[i].id > machine.cpus[i - 1].id);
		FUZZ_EXPECT(machine.cpus[i].node < MACHINE_NODE_MAX);
	}
}

static void expect_memory(void)
{
	uint64_t end = 0;

	for (uint32_t i = 0; i < machine.ram_count; i++) {
		const struct machine_ram *ram = &machine.ram[i];

		FUZZ_EXPECT(ram->size && ram->base >= end);
		FUZZ_EXPECT(
			is_within(ram->base, ram->size, MACHINE_ADDRESS_END));
		FUZZ_EXPECT(ram->node < MACHINE_NODE_MAX);
		end = ram->base + ram->size;
	}
}

static void expect_vmbus(const struct host_vmbus *vmbus)
{
	FUZZ_EXPECT(vmbus->range_count <= HOST_VMBUS_RANGE_MAX);
	for (uint32_t i = 0; i < vmbus->range_count; i++)
		FUZZ_EXPECT(is_within(vmbus->ranges[i].base,
		                      vmbus->ranges[i].size,
		                      MACHINE_ADDRESS_END));
}

/* Who uses these reads every byte of them. */
static void expect_in_tree(const void *data, uint64_t size)
{
	const uint8_t *bytes = data;

	if (size)
		FUZZ_EXPECT(bytes >= copy && bytes + size <= copy + tree.size);
}

bool fuzz_run(struct fuzz_input *input)
{
	uint8_t kind = fuzz_u8(input);

	copy = malloc(tree.size);
	memcpy(copy, tree.data, tree.size);
	edit_tree_cells(input, copy);
	if (kind & 1)
		fuzz_edit(input, copy, tree.size);
	memset(&machine, 0, MACHINE_CLEAR_SIZE);
	host_tree_read(&machine, copy, tree.size);
	expect_cpus();
	expect_memory();
	expect_vmbus(&machine.host.guest_vmbus);
	expect_vmbus(&machine.host.paravisor_vmbus);
	expect_in_tree(machine.host.entropy, machine.host.entropy_size);
	if (machine.given.cmdline)
		expect_in_tree(machine.given.cmdline,
		               strlen(machine.given.cmdline) + 1);
	return true;
}

void fuzz_check(void)
{
	free(copy);
	copy = NULL;
	FUZZ_EXPECT(machine.cpu_count <= MACHINE_CPU_MAX);
	FUZZ_EXPECT(machine.ram_count <= MACHINE_RAM_MAX);
	FUZZ_EXPECT(machine.node_count <= MACHINE_NODE_MAX);
	FUZZ_EXPECT(machine.uart_count <= MACHINE_UART_MAX);
}
