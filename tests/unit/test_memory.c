/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/unit/test_memory.c - the memory map against an array of pages
 *
 * The model keeps what each page is; whatever the map is asked to do, in
 * thousands of random orders, it must say the same and stay in its own order.
 */
#include <stdlib.h>
#include <string.h>

#include "common/machine/machine.h"
#include "common/memory/memory.h"
#include "tests/unit/test.h"

#define FOUR_GIB   (1ULL << 32)
#define PAGE_COUNT 96

static struct memory memory;
static struct machine machine;

struct page {
	enum memory_type type;
	bool is_claimed;
};

/* Page i is [base + i * size, base + (i + 1) * size). */
static struct {
	paddr_t base;
	uint64_t size;
	struct page pages[PAGE_COUNT];
} model;

static uint32_t seed;

static uint32_t random_below(uint32_t bound)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 8) % bound;
}

/* ---- what holds of every map */

static void expect_order(void)
{
	const struct memory_step *step = memory.steps;

	EXPECT(step < memory.end);
	EXPECT(memory.end <= &memory.steps[MEMORY_STEP_MAX]);
	EXPECT_EQ(step->base, 0);
	for (; step != memory.end; step++) {
		EXPECT(step[0].base < step[1].base);
		EXPECT(step[0].kind != MEMORY_RAM ||
		       step[1].kind != MEMORY_RAM);
	}
	EXPECT_EQ(step->base, UINT64_MAX);
}

static struct page page_at(paddr_t paddr)
{
	for (const struct memory_step *step = memory.steps; step != memory.end;
	     step++) {
		const struct memory_range range = memory_range(step);

		if (paddr >= range.base && paddr - range.base < range.size)
			return (struct page){ range.type, range.is_claimed };
	}
	return (struct page){ MEMORY_NONE, false };
}

static void expect_as_model(void)
{
	expect_order();
	for (uint32_t i = 0; i < PAGE_COUNT; i++) {
		struct page page = page_at(model.base + i * model.size);

		EXPECT_EQ(page.type, model.pages[i].type);
		EXPECT_EQ(page.is_claimed, model.pages[i].is_claimed);
	}
}

/* Ranges that are memory; gaps are not. */
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

/* ---- the model */

static void model_set(uint32_t first, uint32_t count, enum memory_type type,
                      bool is_claimed)
{
	for (uint32_t i = first; i < first + count; i++)
		model.pages[i] = (struct page){ type, is_claimed };
}

static bool model_is_free(uint32_t first, uint32_t count)
{
	for (uint32_t i = first; i < first + count; i++)
		if (i >= PAGE_COUNT || model.pages[i].type != MEMORY_RAM ||
		    model.pages[i].is_claimed)
			return false;
	return true;
}

static paddr_t paddr_of_page(uint32_t page)
{
	return model.base + page * model.size;
}

static void random_claim(uint32_t first, uint32_t count, enum memory_type type)
{
	paddr_t base = paddr_of_page(first);

	if (model_is_free(first, count)) {
		memory_claim(&memory, "test", base, count * model.size, type);
		model_set(first, count, type, true);
	} else {
		EXPECT_PANIC("test: ", memory_claim(&memory, "test", base,
		                                    count * model.size, type));
	}
}

/* The lowest page there is for it, by trying them all. */
static uint32_t model_find(uint32_t count, uint64_t alignment, uint32_t min,
                           uint32_t max)
{
	for (uint32_t i = min; i + count <= max; i++)
		if (paddr_of_page(i) % alignment == 0 &&
		    model_is_free(i, count))
			return i;
	return PAGE_COUNT;
}

static uint32_t model_find_top(uint32_t count, uint64_t alignment)
{
	for (uint32_t i = PAGE_COUNT - count + 1; i-- > 0;)
		if (paddr_of_page(i + count) <= FOUR_GIB &&
		    paddr_of_page(i) % alignment == 0 &&
		    model_is_free(i, count))
			return i;
	return PAGE_COUNT;
}

static void random_alloc(uint32_t min, uint32_t count, enum memory_type type)
{
	uint64_t alignment = model.size << random_below(4);
	uint32_t max = min + random_below(PAGE_COUNT + 1 - min);
	uint32_t wanted = model_find(count, alignment, min, max);
	paddr_t base =
		memory_alloc(&memory, count * model.size, alignment,
	                     paddr_of_page(min), paddr_of_page(max), type);

	EXPECT_EQ(base, wanted == PAGE_COUNT ? 0 : paddr_of_page(wanted));
	if (wanted != PAGE_COUNT)
		model_set(wanted, count, type, true);
}

static void random_alloc_top(uint32_t count, enum memory_type type)
{
	uint64_t alignment = model.size << random_below(4);
	uint32_t wanted = model_find_top(count, alignment);
	paddr_t base =
		memory_alloc_top(&memory, count * model.size, alignment, type);

	EXPECT_EQ(base, wanted == PAGE_COUNT ? 0 : paddr_of_page(wanted));
	if (wanted != PAGE_COUNT)
		model_set(wanted, count, type, true);
}

static void random_use(uint32_t first, uint32_t count)
{
	memory_use(&memory, paddr_of_page(first), count * model.size);
	for (uint32_t i = first; i < first + count; i++)
		if (model_is_free(i, 1))
			model_set(i, 1, MEMORY_RAM, true);
}

static void random_lay(uint32_t first, uint32_t count, enum memory_type type)
{
	const struct memory_step steps[] = {
		{ 0, MEMORY_NONE },
		{ paddr_of_page(first), MEMORY_RAM | MEMORY_CLAIMED },
		{ paddr_of_page(first + count), type },
	};

	memory_lay_low(&memory, steps, 3, paddr_of_page(first + 2 * count));
	model_set(0, first, MEMORY_NONE, false);
	model_set(first, count, MEMORY_RAM, true);
	model_set(first + count, count, type, false);
}

static void random_step(void)
{
	uint32_t first = random_below(PAGE_COUNT);
	uint32_t count = 1 + random_below(min_u64(PAGE_COUNT - first, 24));
	enum memory_type type = (enum memory_type)random_below(6);

	switch (random_below(9)) {
	case 0:
	case 1:
		memory_set(&memory, paddr_of_page(first), count * model.size,
		           MEMORY_RAM);
		model_set(first, count, MEMORY_RAM, false);
		break;
	case 2:
		memory_set(&memory, paddr_of_page(first), count * model.size,
		           type);
		model_set(first, count, type, false);
		break;
	case 3:
		random_claim(first, 1 + count / 4, type);
		break;
	case 4:
		random_alloc(first, 1 + count / 4, type);
		break;
	case 5:
		random_alloc_top(1 + count / 4, type);
		break;
	case 6:
		random_use(first, count);
		break;
	case 7:
		if (first < PAGE_COUNT / 2)
			random_lay(first, 1 + count / 2,
			           type == MEMORY_RAM ? MEMORY_NONE : type);
		break;
	default:
		EXPECT_EQ(memory_is_free(&memory, paddr_of_page(first),
		                         count * model.size),
		          model_is_free(first, count));
	}
}

static void walk(paddr_t base, uint64_t size)
{
	memset(&model, 0, sizeof(model));
	model.base = base;
	model.size = size;
	clear();
	for (unsigned i = 0; i < 300; i++) {
		random_step();
		expect_as_model();
	}
}

static void random_orders_are_as_the_model(void)
{
	for (seed = 1; seed < 200; seed += 10) {
		uint32_t start = seed;

		walk(0x1000, 0x1000);
		seed = start;
		walk(FOUR_GIB - 50 * 0x200000, 0x200000);
		seed = start;
		walk(-(PAGE_COUNT + 1) * 0x40000000ULL, 0x40000000);
		seed = start;
	}
}

/* ---- by hand */

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
	expect_order();
	EXPECT_EQ(range_count(), 4);
	EXPECT(memory_is_free(&memory, 0, 0x3000));
	EXPECT(!memory_is_free(&memory, 0, 0x3001));
	EXPECT_EQ(page_at(0x3000).type, MEMORY_RESERVED);
	EXPECT(memory_is_free(&memory, 0x4000, 0x3000));
	EXPECT_EQ(page_at(0x7000).type, MEMORY_ACPI);
	EXPECT_EQ(page_at(0x9fff).type, MEMORY_ACPI);
	EXPECT_EQ(page_at(0xa000).type, MEMORY_NONE);
}

static void free_neighbours_join(void)
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
	memory_claim(&memory, "test", 0x1800, 0x800, MEMORY_RAM);
	EXPECT_EQ(range_count(), 4);
	memory_set(&memory, 0x1000, 0x1000, MEMORY_RAM);
	EXPECT_EQ(range_count(), 1);
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

/* Every other page, until there is no more place in the list. */
static void fill(uint32_t count)
{
	clear();
	for (uint32_t i = 0; i < count; i++)
		memory_set(&memory, (2 * i + 1) * 0x1000, 0x1000, MEMORY_RAM);
}

static void ranges_up_to_the_limit_are_kept(void)
{
	fill(MEMORY_RANGE_MAX);
	expect_order();
	EXPECT_EQ(range_count(), MEMORY_RANGE_MAX);
	/* What needs no further place still works. */
	memory_claim(&memory, "test", 0x1000, 0x1000, MEMORY_RAM);
	EXPECT_EQ(range_count(), MEMORY_RANGE_MAX);

	memory_set(&memory, 0x4000, 0x1000, MEMORY_RAM);
	EXPECT_EQ(range_count(), MEMORY_RANGE_MAX - 1);
	EXPECT_EQ(memory_alloc(&memory, 0x1000, 0x1000, 0x2000, UINT64_MAX,
	                       MEMORY_RAM),
	          0x3000);
	EXPECT_EQ(range_count(), MEMORY_RANGE_MAX);
	expect_order();
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

int main(void)
{
	RUN(random_orders_are_as_the_model);
	RUN(what_is_said_to_be_no_ram_is_none);
	RUN(free_neighbours_join);
	RUN(a_range_that_wraps_panics);
	RUN(nothing_is_allocated_that_wraps);
	RUN(ranges_up_to_the_limit_are_kept);
	RUN(more_ranges_panic);
	RUN(a_map_without_ram_has_nothing_to_give);
	return test_status();
}
