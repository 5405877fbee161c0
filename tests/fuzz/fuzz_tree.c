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
	describe_arm_begin(program);
	for (uint32_t i = 0; i < TREES_COUNT; i++)
		trees[i] = trees_load(trees_name(i));
	return true;
}

static uint32_t be32(const uint8_t *at)
{
	return (uint32_t)at[0] << 24 | at[1] << 16 | at[2] << 8 | at[3];
}

/* Finds the property of that number, and its value. Returns the size. */
static uint32_t find_value(uint8_t *fdt, uint32_t number, uint8_t **value)
{
	uint32_t at = be32(fdt + 8), end = at + be32(fdt + 36);
	uint32_t last = 0;

	while (at + 12 <= end) {
		uint32_t token = be32(fdt + at);

		at += 4;
		if (token == 1) /* FDT_BEGIN_NODE */
			at += (uint32_t)(strlen((char *)fdt + at) + 4) & ~3u;
		if (token != 3) /* FDT_PROP */
			continue;
		last = at;
		if (number-- == 0)
			break;
		at += 8 + ((be32(fdt + at) + 3) & ~3u);
	}
	*value = fdt + last + 8;
	return be32(fdt + last);
}

/* Most edits are of one cell of a property, as a VMM might get it wrong. */
static void edit_cells(struct fuzz_input *input, uint8_t *fdt)
{
	for (uint32_t i = fuzz_u8(input) % 6; i; i--) {
		uint8_t *value;
		uint32_t number = fuzz_u16(input) % 700;
		uint32_t size = find_value(fdt, number, &value);
		uint32_t cell = size >= 4 ? fuzz_u8(input) % (size / 4) : 0;
		uint64_t odd = fuzz_odd(input);

		if (size < 4)
			continue;
		for (uint32_t j = 0; j < 4; j++)
			value[cell * 4 + j] = (uint8_t)(odd >> (24 - 8 * j));
	}
}

bool fuzz_run(struct fuzz_input *input)
{
	const struct trees_blob *tree = &trees[fuzz_below(input, TREES_COUNT)];
	uint8_t kind = fuzz_u8(input);

	copy = malloc(tree->size);
	memcpy(copy, tree->data, tree->size);
	edit_cells(input, copy);
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
