/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/unit/test_memory_model.c - the memory map against an array of pages
 *
 * The model keeps the type of each page. Map and model get the same thousands
 * of random operations. They must agree, and the map must stay sorted.
 */
#include <stdlib.h>
#include <string.h>

#include "common/machine/machine.h"
#include "common/memory/memory.h"
#include "tests/unit/steps.h"
#include "tests/unit/test.h"

#define PAGE_COUNT 96

static struct memory memory;
static struct machine machine;

/* Page i is [base + i * size, base + (i + 1) * size). */
static struct {
	paddr_t base;
	uint64_t size;
	struct page pages[PAGE_COUNT];
} model;

/* ---- what holds of every map */

static void expect_as_model(void)
{
	steps_expect_order(&memory);
	for (uint32_t i = 0; i < PAGE_COUNT; i++) {
		struct page page =
			steps_page_at(&memory, model.base + i * model.size);

		EXPECT_EQ(page.type, model.pages[i].type);
		EXPECT_EQ(page.is_claimed, model.pages[i].is_claimed);
	}
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

/* Finds the lowest page for it by trying all of them. */
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
	uint64_t alignment = model.size << test_random_below(4);
	uint32_t max = min + test_random_below(PAGE_COUNT + 1 - min);
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
	uint64_t alignment = model.size << test_random_below(4);
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

static void random_step(void)
{
	uint32_t first = test_random_below(PAGE_COUNT);
	uint32_t count = 1 + test_random_below(min_u64(PAGE_COUNT - first, 24));
	enum memory_type type = (enum memory_type)test_random_below(6);

	switch (test_random_below(8)) {
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
	for (test_seed = 1; test_seed < 200; test_seed += 10) {
		uint32_t start = test_seed;

		walk(0x1000, 0x1000);
		test_seed = start;
		walk(FOUR_GIB - 50 * 0x200000, 0x200000);
		test_seed = start;
		walk(-(PAGE_COUNT + 1) * 0x40000000ULL, 0x40000000);
		test_seed = start;
	}
}

int main(void)
{
	RUN(random_orders_are_as_the_model);
	return test_status();
}
