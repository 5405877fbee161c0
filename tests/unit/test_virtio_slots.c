/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/unit/test_virtio_slots.c - which slots of virtio-mmio have a device */
#include <string.h>

#include "common/arch.h"
#include "common/machine/virtio_slots.h"
#include "tests/unit/fake_map.h"
#include "tests/unit/test.h"

#define SLOT 0x10000

static struct machine machine;
static uint64_t used_slots; /* a bit each */

uint32_t arch_device_read(paddr_t paddr, uint32_t size)
{
	EXPECT_EQ(size, 4);
	EXPECT_EQ(paddr % 0x200, 8);
	EXPECT(fake_map_has_device(paddr, size));
	return used_slots >> (paddr - SLOT) / 0x200 & 1;
}

/* Expects so many rows, which describe exactly the used slots. */
static void expect_rows(uint64_t used, uint32_t count)
{
	uint64_t seen = 0;

	used_slots = used;
	machine.virtio_mmio_count = 2;
	machine.virtio_mmio[0] = (struct machine_virtio_mmio){
		.paddr = SLOT,
		.size = 0x200,
		.gsi = 5,
		.more_count = 23,
		.is_edge = true,
	};
	machine.virtio_mmio[1] = (struct machine_virtio_mmio){
		.paddr = SLOT + 24 * 0x200,
		.size = 0x200,
		.gsi = 77,
	};
	virtio_slots_drop_empty(&machine);
	EXPECT_EQ(machine.virtio_mmio_count, count);
	for (uint32_t i = 0; i < machine.virtio_mmio_count; i++) {
		const struct machine_virtio_mmio *row = &machine.virtio_mmio[i];
		uint64_t index = (row->paddr - SLOT) / 0x200;

		EXPECT_EQ(row->size, 0x200);
		EXPECT_EQ(row->gsi, index < 24 ? 5 + index : 77);
		EXPECT_EQ(row->is_edge, index < 24);
		for (uint32_t j = 0; j <= row->more_count; j++)
			seen |= 1ULL << (index + j);
	}
	EXPECT_EQ(seen, used);
}

static void empty_slots_are_left_out(void)
{
	expect_rows(0, 0);
	expect_rows(1, 1);
	expect_rows(1 << 23, 1);
	expect_rows(0xc00000, 1);
	expect_rows(0x1ffffff, 2);
	expect_rows(0xffffff, 1);
	expect_rows(1 << 24, 1);
	expect_rows(0x0f0f05, 4);
	expect_rows(0x1555555, 13);
}

/* Its registers are mapped, and nothing behind them. */
static void a_row_is_mapped_before_it_is_asked(void)
{
	const struct machine_virtio_mmio row = {
		.paddr = SLOT,
		.size = 0x200,
		.more_count = 3,
	};

	memset(&machine, 0, MACHINE_CLEAR_SIZE);
	fake_map_clear();
	used_slots = 0;
	virtio_slots_add_used(&machine, &row);
	EXPECT(fake_map_has_device(SLOT, 4 * 0x200));
	EXPECT(!fake_map_has_device(SLOT, 4 * 0x200 + 1));
}

static uint32_t rows_of(paddr_t paddr, uint32_t size, uint32_t gsi,
                        bool is_edge)
{
	const struct machine_virtio_mmio first = {
		.paddr = 0x10000000,
		.size = 0x80000000,
		.gsi = 5,
		.more_count = 1,
	};
	const struct machine_virtio_mmio second = {
		.paddr = paddr,
		.size = size,
		.gsi = gsi,
		.is_edge = is_edge,
	};

	memset(&machine, 0, MACHINE_CLEAR_SIZE);
	virtio_slots_add(&machine, &first);
	virtio_slots_add(&machine, &second);
	return machine.virtio_mmio_count;
}

/* It has the next registers, of the same size, and the next interrupt. */
static void a_slot_that_follows_extends_a_row(void)
{
	EXPECT_EQ(rows_of(0x110000000, 0x80000000, 7, false), 1);
	EXPECT_EQ(machine.virtio_mmio[0].more_count, 2);
	EXPECT_EQ(rows_of(0x10000000, 0x80000000, 7, false), 2);
	EXPECT_EQ(rows_of(0x110000000, 0x80000001, 7, false), 2);
	EXPECT_EQ(rows_of(0x110000000, 0x80000000, 6, false), 2);
	EXPECT_EQ(rows_of(0x110000000, 0x80000000, 7, true), 2);
	EXPECT_EQ(machine.virtio_mmio[1].paddr, 0x110000000);
}

/* Each slot has a device, and the machine has no room for more. */
static void too_many_for_the_machine_panic(void)
{
	const struct machine_virtio_mmio row = {
		.paddr = SLOT,
		.size = 0x200,
		.more_count = 63,
	};

	memset(&machine, 0, MACHINE_CLEAR_SIZE);
	used_slots = 0x5555555555555555;
	virtio_slots_add_used(&machine, &row);
	virtio_slots_add_used(&machine, &row);
	EXPECT_EQ(machine.virtio_mmio_count, MACHINE_VIRTIO_MMIO_MAX);
	used_slots = 1;
	EXPECT_PANIC("bug: count < MACHINE_VIRTIO_MMIO_MAX",
	             virtio_slots_add_used(&machine, &row));
}

int main(void)
{
	RUN(empty_slots_are_left_out);
	RUN(a_row_is_mapped_before_it_is_asked);
	RUN(a_slot_that_follows_extends_a_row);
	RUN(too_many_for_the_machine_panic);
	return test_status();
}
