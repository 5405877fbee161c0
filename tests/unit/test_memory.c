/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/unit/test_memory.c - the memory map at its limits */
#include <string.h>

#include "common/memory/memory.h"
#include "tests/unit/fake_map.h"
#include "tests/unit/steps.h"
#include "tests/unit/test.h"

static struct memory memory;
static struct machine machine;

/* Counts ranges that are memory, without gaps. */
static uint32_t range_count(void)
{
	uint32_t count = 0;

	for (const struct memory_step *step = memory.steps; step != memory.end;
	     step++)
		count += memory_range(step).type != MEMORY_NONE;
	return count;
}

static void clear(void)
{
	machine.ram_count = 0;
	memory_init(&memory, &machine);
}

static void add_ram(uint64_t base, uint64_t size, uint32_t type)
{
	machine.ram[machine.ram_count++] = (struct machine_ram){
		.base = base,
		.size = size,
		.type = type,
	};
}

static void what_is_said_to_be_no_ram_is_none(void)
{
	machine.ram_count = 0;
	add_ram(0x3000, 0x1000, MEMORY_RESERVED);
	add_ram(0, 0x8000, MEMORY_RAM);
	add_ram(0x7000, 0x3000, MEMORY_ACPI);
	add_ram(0x20000, 0, MEMORY_RAM);
	memory_init(&memory, &machine);
	steps_expect_order(&memory);
	EXPECT_EQ(range_count(), 4);
	EXPECT(memory_is_free(&memory, 0, 0x3000));
	EXPECT(!memory_is_free(&memory, 0, 0x3001));
	EXPECT_EQ(steps_page_at(&memory, 0x3000).type, MEMORY_RESERVED);
	EXPECT(memory_is_free(&memory, 0x4000, 0x3000));
	EXPECT(memory_is_ram(&memory, 0x4000, 0x3000));
	EXPECT(!memory_is_ram(&memory, 0x4000, 0x3001));
	EXPECT(!memory_is_ram(&memory, 0x4fff, UINT64_MAX));
	EXPECT_EQ(steps_page_at(&memory, 0x7000).type, MEMORY_ACPI);
	EXPECT_EQ(steps_page_at(&memory, 0x9fff).type, MEMORY_ACPI);
	EXPECT_EQ(steps_page_at(&memory, 0xa000).type, MEMORY_NONE);
}

static void neighbours_of_a_kind_join(void)
{
	machine.ram_count = 0;
	add_ram(0x2000, 0x1000, MEMORY_RAM);
	add_ram(0, 0x1000, MEMORY_RAM);
	add_ram(0x1000, 0x1000, MEMORY_RAM);
	memory_init(&memory, &machine);
	EXPECT_EQ(range_count(), 1);
	EXPECT_EQ(memory_range(memory.steps).size, 0x3000);

	memory_claim(&memory, "test", 0x1000, 0x800, MEMORY_RAM);
	EXPECT_EQ(range_count(), 3);
	EXPECT(memory_is_ram(&memory, 0x1000, 0x800)); /* though it is taken */
	memory_claim(&memory, "test", 0x1800, 0x800, MEMORY_RAM);
	EXPECT_EQ(range_count(), 3); /* claimed neighbours join, too */
	memory_set(&memory, 0x1000, 0x1000, MEMORY_RAM);
	EXPECT_EQ(range_count(), 1);
}

static void the_last_address_ends_the_map_whatever_is_before_it(void)
{
	for (uint32_t type = MEMORY_NONE; type <= MEMORY_UNUSABLE; type++) {
		clear();
		memory_set(&memory, 0x1000, UINT64_MAX - 0x1000, type);
		EXPECT_EQ(memory.end->base, UINT64_MAX);
		steps_expect_order(&memory);
	}
}

static void a_range_that_wraps_panics(void)
{
	clear();
	EXPECT_PANIC("memory: 0x1000 bytes at 0xfffffffffffff000: beyond the "
	             "address space",
	             memory_set(&memory, -0x1000ULL, 0x1000, MEMORY_RAM));
	EXPECT_PANIC("beyond the address space",
	             memory_set(&memory, 1, UINT64_MAX, MEMORY_RAM));
	EXPECT_EQ(range_count(), 0);
	memory_set(&memory, 0, UINT64_MAX, MEMORY_RAM);
	EXPECT_EQ(range_count(), 1);
	EXPECT(memory_is_free(&memory, UINT64_MAX - 1, 1));
	EXPECT(!memory_is_free(&memory, UINT64_MAX - 1, 2));
	EXPECT(!memory_is_free(&memory, 0x1000, UINT64_MAX));
	EXPECT_PANIC(
		"test: 0xffffffffffffffff bytes at 0x1000: not in free "
		"RAM",
		memory_claim(&memory, "test", 0x1000, UINT64_MAX, MEMORY_RAM));
}

/* No sum with such a range wraps, nor does rounding it up. */
static void ram_lies_where_processors_have_addresses(void)
{
	static const struct machine_range wild[] = {
		{ 0, UINT64_MAX },
		{ 0x1000, -0x1000ULL },
		{ -0x1000ULL, 0xfff },
		{ MACHINE_ADDRESS_END, 1 },
		{ MACHINE_ADDRESS_END - 1, 2 },
		{ 1, MACHINE_ADDRESS_END },
	};

	for (volatile uint32_t i = 0; i < 2 * ARRAY_COUNT(wild); i++) {
		machine.ram_count = 0;
		add_ram(wild[i / 2].base, wild[i / 2].size,
		        i % 2 ? MEMORY_RAM : MEMORY_RESERVED);
		EXPECT_PANIC("beyond the address space",
		             memory_init(&memory, &machine));
	}
	machine.ram_count = 0;
	add_ram(0, MACHINE_ADDRESS_END, MEMORY_RAM);
	memory_init(&memory, &machine);
	EXPECT(memory_is_free(&memory, 0, MACHINE_ADDRESS_END));
}

static void nothing_is_allocated_that_wraps(void)
{
	clear();
	memory_set(&memory, 0x1000, UINT64_MAX - 0x2000, MEMORY_RAM);
	EXPECT_EQ(memory_alloc(&memory, UINT64_MAX, 0x1000, 0, UINT64_MAX,
	                       MEMORY_RAM),
	          0);
	EXPECT_EQ(memory_alloc(&memory, 1, 0x1000, UINT64_MAX - 0x100,
	                       UINT64_MAX, MEMORY_RAM),
	          0);
	EXPECT_EQ(memory_alloc(&memory, 0x1000, 1ULL << 63, (1ULL << 63) + 1,
	                       UINT64_MAX, MEMORY_RAM),
	          0);
	EXPECT_EQ(memory_alloc_top(&memory, UINT64_MAX, 0x1000, MEMORY_RAM), 0);
	EXPECT_EQ(memory_alloc(&memory, 0x1000, 1ULL << 63, 0x1000, UINT64_MAX,
	                       MEMORY_RAM),
	          1ULL << 63);
}

/* Claims every other page, until the list is full. */
static void fill(uint32_t count)
{
	clear();
	for (uint32_t i = 0; i < count; i++)
		memory_set(&memory, (2 * i + 1) * 0x1000, 0x1000, MEMORY_RAM);
}

static void ranges_up_to_the_limit_are_kept(void)
{
	fill(MEMORY_RANGE_MAX);
	steps_expect_order(&memory);
	EXPECT_EQ(range_count(), MEMORY_RANGE_MAX);
	/* A claim that needs no further place in the list still works. */
	memory_claim(&memory, "test", 0x1000, 0x1000, MEMORY_RAM);
	EXPECT_EQ(range_count(), MEMORY_RANGE_MAX);

	memory_set(&memory, 0x4000, 0x1000, MEMORY_RAM);
	EXPECT_EQ(range_count(), MEMORY_RANGE_MAX - 1);
	EXPECT_EQ(memory_alloc(&memory, 0x1000, 0x1000, 0x2000, UINT64_MAX,
	                       MEMORY_RAM),
	          0x3000);
	EXPECT_EQ(range_count(), MEMORY_RANGE_MAX);
	steps_expect_order(&memory);
}

static void more_ranges_panic(void)
{
	static struct memory before;

	fill(MEMORY_RANGE_MAX);
	memcpy(&before, &memory, sizeof(memory));
	EXPECT_PANIC("memory: more than 640 ranges",
	             memory_set(&memory, 0x10000000, 0x1000, MEMORY_RAM));
	EXPECT_PANIC("memory: more than 640 ranges",
	             memory_claim(&memory, "test", 0x1800, 0x100, MEMORY_RAM));
	EXPECT(!memcmp(&before, &memory, sizeof(memory)));
}

static void a_map_without_ram_has_nothing_to_give(void)
{
	machine.ram_count = 0;
	memory_init(&memory, &machine);
	EXPECT_EQ(range_count(), 0);
	EXPECT(!memory_is_free(&memory, 0, 1));
	EXPECT_EQ(memory_alloc(&memory, 1, 1, 0, UINT64_MAX, MEMORY_RAM), 0);
	EXPECT_EQ(memory_alloc_top(&memory, 1, 1, MEMORY_RAM), 0);
	memory_use(&memory, 0, 0x1000);
	EXPECT_EQ(range_count(), 0);
}

#define HIGH_RAM (8ULL << 30)

/* Some boards have all of their RAM above 4 GiB. */
static void ram_is_taken_above_4_gib_if_there_is_none_below(void)
{
	machine.ram_count = 0;
	fake_map_clear();
	add_ram(0x100000, 0x500000, MEMORY_RAM);
	add_ram(HIGH_RAM, 0x4000, MEMORY_RAM);
	memory_init(&memory, &machine);
	EXPECT_EQ(memory_take(&memory, "test", 0x1001), 0x600000 - 0x2000);
	EXPECT_EQ(memory_take(&memory, "test", 0x4fe000), 0x100000);
	EXPECT_EQ(memory_take(&memory, "test", 0x1001), HIGH_RAM);
	EXPECT_EQ(memory_take(&memory, "test", 0x2000), HIGH_RAM + 0x2000);
	EXPECT_PANIC("test: 0x1000 bytes: no RAM for them",
	             memory_take(&memory, "test", 0x1000));
	EXPECT(fake_map_has(0x100000, 0x4fe000));
	EXPECT(fake_map_has(HIGH_RAM, 0x1001));
}

/* The map keeps an E820 type as it is, if it fits into 16 bits. */
static void a_type_beyond_16_bits_panics(void)
{
	machine.ram_count = 0;
	add_ram(0x1000, 0x1000, 0xffff);
	memory_init(&memory, &machine);
	EXPECT_EQ(steps_page_at(&memory, 0x1000).type, 0xffff);
	machine.ram_count = 0;
	add_ram(0x1000, 0x1000, 0x10000);
	EXPECT_PANIC("memory: 0x1000 bytes at 0x1000: type 0x10000, at most "
	             "0xffff",
	             memory_init(&memory, &machine));
}

int main(void)
{
	RUN(what_is_said_to_be_no_ram_is_none);
	RUN(neighbours_of_a_kind_join);
	RUN(the_last_address_ends_the_map_whatever_is_before_it);
	RUN(a_range_that_wraps_panics);
	RUN(ram_lies_where_processors_have_addresses);
	RUN(nothing_is_allocated_that_wraps);
	RUN(ranges_up_to_the_limit_are_kept);
	RUN(more_ranges_panic);
	RUN(a_map_without_ram_has_nothing_to_give);
	RUN(ram_is_taken_above_4_gib_if_there_is_none_below);
	RUN(a_type_beyond_16_bits_panics);
	return test_status();
}
