/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/fuzz/fuzz_tree.c - device trees of VMMs on AArch64, and what is made of
 * them
 *
 * A recorded tree, in a block of exactly its size, is edited and read as the
 * machine. What is accepted is described by ACPI tables and by both trees,
 * which a judge of our own reads. It is also tried as a bundle's tree.
 */
#include <stdlib.h>
#include <string.h>

#include "arch/aarch64/probe/tree.h"
#include "tests/fuzz/describe_arm.h"
#include "tests/fuzz/edit_tree.h"
#include "tests/unit/trees.h"

static const uint64_t bounds[] = { 1ULL << 39,  1ULL << 40, 1ULL << 42,
	                           1ULL << 48,  0x40000000, 0x80000000,
	                           0x100000000, 0x1000,     0x10000 };

static struct machine machine;
static struct trees_blob trees[TREES_COUNT];
static uint8_t *copy;

bool fuzz_begin(const char *program)
{
	fuzz_bounds = bounds;
	fuzz_bound_count = ARRAY_COUNT(bounds);
	trees_init_fuzz(program);
	for (uint32_t i = 0; i < TREES_COUNT; i++)
		trees[i] = trees_load(trees_name(i));
	return true;
}

bool fuzz_run(struct fuzz_input *input)
{
	const struct trees_blob *tree = &trees[fuzz_below(input, TREES_COUNT)];
	uint8_t kind = fuzz_u8(input);

	copy = malloc(tree->size);
	memcpy(copy, tree->data, tree->size);
	edit_tree_cells(input, copy);
	if (kind & 1)
		fuzz_edit(input, copy, tree->size);
	memset(&machine, 0, MACHINE_CLEAR_SIZE);
	tree_read(&machine, copy, tree->size);
	describe_arm(&machine);
	if (kind & 2)
		describe_arm_given(&machine, copy, tree->size);
	return true;
}

void fuzz_check(void)
{
	free(copy);
	copy = NULL;
	FUZZ_EXPECT(machine.cpu_count <= MACHINE_CPU_MAX);
	FUZZ_EXPECT(machine.ram_count <= MACHINE_RAM_MAX);
	FUZZ_EXPECT(machine.reserved_count <= MACHINE_RESERVED_MAX);
	FUZZ_EXPECT(machine.uart_count <= MACHINE_UART_MAX);
	FUZZ_EXPECT(machine.pci_host_count <= MACHINE_PCI_HOST_MAX);
	FUZZ_EXPECT(machine.pci_route_count <= MACHINE_PCI_ROUTE_MAX);
	FUZZ_EXPECT(machine.virtio_mmio_count <= MACHINE_VIRTIO_MMIO_MAX);
	FUZZ_EXPECT(machine.arm.gicr_count <= MACHINE_GICR_MAX);
	FUZZ_EXPECT(machine.node_count <= MACHINE_NODE_MAX);
}
