/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/unit/test_initrd.c - where our own initrd goes, and the VMM's initrd */
#include <stdio.h>
#include <string.h>

#include "common/lib/sum64.h"
#include "common/place/place.h"
#include "tests/unit/test.h"

#define RAM_SIZE  0x20000
#define ALIGNMENT 0x4000
#define SIZE      0x1234

static _Alignas(0x20000) uint8_t ram[RAM_SIZE];
static uint8_t initrd[SIZE];
static struct machine machine;
static struct memory memory;
static struct payload payload;
static struct kernel kernel;

/* The kernel is in the first half of RAM and wants the initrd behind it. */
static void start(void)
{
	memset(&machine, 0, MACHINE_CLEAR_SIZE);
	memset(&payload, 0, PAYLOAD_CLEAR_SIZE);
	memset(ram, 0xa5, RAM_SIZE);
	memset(initrd, 0x33, SIZE);
	machine.ram_count = 1;
	machine.ram[0] = (struct machine_ram){ .base = paddr_of(ram),
		                               .size = RAM_SIZE,
		                               .type = MEMORY_RAM };
	memory_init(&memory, &machine);
	payload.initrd = (struct source){
		.kind = SOURCE_MEMORY,
		.data = initrd,
		.stored_size = SIZE,
		.size = SIZE,
		.has_checksum = true,
		.sum64 = sum64(0, initrd, SIZE),
	};
	kernel = (struct kernel){
		.initrd = { .base = paddr_of(ram) + 0xf123,
		            .lowest = paddr_of(ram),
		            .end = paddr_of(ram) + RAM_SIZE,
		            .alignment = ALIGNMENT },
	};
}

static struct machine_range place(void)
{
	return place_initrd(&payload, &machine, &kernel, &memory);
}

static void claim(uint64_t offset, uint64_t size)
{
	memory_claim(&memory, "test", paddr_of(ram) + offset, size, MEMORY_RAM);
}

static void expect_at(uint64_t offset)
{
	struct machine_range got = place();

	EXPECT_EQ(got.base - paddr_of(ram), offset);
	EXPECT_EQ(got.size, SIZE);
	EXPECT(!memcmp(ram + offset, initrd, SIZE));
	EXPECT_EQ(ram[offset + SIZE], 0xa5);
	EXPECT(!memory_is_free(&memory, got.base, 1));
	EXPECT(!memory_is_free(&memory, got.base + SIZE - 1, 1));
}

static void it_goes_where_it_is_wanted(void)
{
	start();
	expect_at(0x10000);
}

static void it_goes_further_up_if_need_be(void)
{
	start();
	claim(0x11000, 0x1000);
	expect_at(0x14000);
	start();
	claim(0x10000 + SIZE, 0x1000);
	expect_at(0x10000);
}

static void else_it_goes_below(void)
{
	start();
	claim(0x10000, 0x10000);
	claim(0, 0x1000);
	expect_at(0x4000);
	/* The kernel may not accept so high an address. */
	start();
	kernel.initrd.end = paddr_of(ram) + 0x10000 + SIZE - 1;
	expect_at(0);
	start();
	kernel.initrd.end = paddr_of(ram) + 0x10000 + SIZE;
	expect_at(0x10000);
}

static void without_room_it_panics(void)
{
	char line[80];

	start();
	snprintf(line, sizeof(line),
	         "initrd: 0x1234 bytes: no free RAM of that size below %#lx",
	         kernel.initrd.end);
	for (uint32_t i = 0; i < 8; i++)
		claim(i * ALIGNMENT + 0x1000, 1);
	EXPECT_PANIC(line, place());
	start();
	payload.initrd.size = UINT64_MAX;
	EXPECT_PANIC("initrd: 0xffffffffffffffff bytes: no free RAM", place());
	start();
	kernel.initrd.lowest = kernel.initrd.end - SIZE + 1;
	kernel.initrd.base = kernel.initrd.lowest;
	EXPECT_PANIC("initrd: 0x1234 bytes: no free RAM", place());
}

static void a_corrupt_one_panics(void)
{
	start();
	initrd[SIZE - 1] ^= 1;
	EXPECT_PANIC("initrd: sum of 0x1234 bytes", place());
}

/* Its size is made a multiple of 4 by zeros. */
static void microcode_comes_first(void)
{
	static const char microcode[] = "micro";

	for (uint64_t size = 1; size < sizeof(microcode); size++) {
		uint64_t first = align_up(size, 4);
		struct machine_range got;

		start();
		payload.microcode = (struct source){ .kind = SOURCE_MEMORY,
			                             .data = microcode,
			                             .stored_size = size,
			                             .size = size };
		got = place();
		EXPECT_EQ(got.base - paddr_of(ram), 0x10000);
		EXPECT_EQ(got.size, first + SIZE);
		EXPECT(!memcmp(ram + 0x10000, microcode, size));
		for (uint64_t i = size; i < first; i++)
			EXPECT_EQ(ram[0x10000 + i], 0);
		EXPECT(!memcmp(ram + 0x10000 + first, initrd, SIZE));
		EXPECT_EQ(ram[0x10000 + first + SIZE], 0xa5);
	}
	memset(&payload.initrd, 0, sizeof(payload.initrd));
	memory_init(&memory, &machine);
	memset(ram + 0x10000, 0xa5, 0x100);
	EXPECT_EQ(place().size, 8);
	EXPECT(!memcmp(ram + 0x10000, microcode, 5));
	EXPECT_EQ(ram[0x10007], 0);
	EXPECT_EQ(ram[0x10008], 0xa5);
}

static void without_any_there_is_none(void)
{
	start();
	memset(&payload.initrd, 0, sizeof(payload.initrd));
	EXPECT_EQ(place().size, 0);
	EXPECT_EQ(place().base, 0);
	EXPECT(memory_is_free(&memory, paddr_of(ram), RAM_SIZE));
}

static void the_vmms_stays_where_it_is(void)
{
	start();
	memset(&payload.initrd, 0, sizeof(payload.initrd));
	machine.given.initrd =
		(struct machine_range){ paddr_of(ram) + 0x1800, 0x100 };
	memory_use(&memory, paddr_of(ram) + 0x1800, 0x100);
	EXPECT_EQ(place().base, paddr_of(ram) + 0x1800);
	EXPECT_EQ(place().size, 0x100);
	/* Our payload came from the VMM's initrd. */
	payload.has_taken_initrd = true;
	EXPECT_EQ(place().base, 0);
	EXPECT_EQ(place().size, 0);
	/* Our own initrd wins. */
	start();
	machine.given.initrd =
		(struct machine_range){ paddr_of(ram) + 0x1800, 0x100 };
	expect_at(0x10000);
}

int main(void)
{
	RUN(it_goes_where_it_is_wanted);
	RUN(it_goes_further_up_if_need_be);
	RUN(else_it_goes_below);
	RUN(without_room_it_panics);
	RUN(a_corrupt_one_panics);
	RUN(microcode_comes_first);
	RUN(without_any_there_is_none);
	RUN(the_vmms_stays_where_it_is);
	return test_status();
}
