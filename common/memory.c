/* SPDX-License-Identifier: BSD-2-Clause */
/* common/memory.c - a sorted list of disjoint ranges, and who owns each */
#include "common/memory.h"

#include "common/console.h"
#include "common/machine.h"
#include "common/string.h"

static paddr_t range_end(const struct memory_range *range)
{
	return range->base + range->size;
}

/* Index of the first range that ends above `paddr`. */
static uint32_t index_above(const struct memory *memory, paddr_t paddr)
{
	uint32_t i = 0;

	while (i < memory->count && range_end(&memory->ranges[i]) <= paddr)
		i++;
	return i;
}

/* Opens (positive) or closes (negative) `shift` places before range `i`. */
static void shift_ranges(struct memory *memory, uint32_t i, int32_t shift)
{
	struct memory_range *from = &memory->ranges[i];

	if (shift > 0 && memory->count + shift > MEMORY_RANGE_MAX)
		panic("memory: more than %u ranges", MEMORY_RANGE_MAX);
	memmove(from + shift, from, (memory->count - i) * sizeof(*from));
	memory->count += shift;
}

static bool is_alike(const struct memory_range *a, const struct memory_range *b)
{
	return a->type == b->type && a->is_claimed == b->is_claimed;
}

/*
 * Makes [base, base + size) one range, in place of what was there: what stood
 * out before and behind it stays, and joins it where nothing tells them apart.
 */
static void replace(struct memory *memory, struct memory_range range)
{
	paddr_t end = range_end(&range);
	uint32_t first = index_above(memory, range.base ? range.base - 1 : 0);
	uint32_t last = first;
	struct memory_range before = { .size = 0 }, behind = { .size = 0 };
	struct memory_range *place = &memory->ranges[first];

	/* Neighbours that only touch count as overlapping by nothing. */
	for (; last < memory->count && memory->ranges[last].base <= end;
	     last++) {
		const struct memory_range *old = &memory->ranges[last];

		if (old->base < range.base) {
			before = *old;
			before.size = range.base - old->base;
		}
		if (range_end(old) > end) {
			behind = *old;
			behind.base = end;
			behind.size = range_end(old) - end;
		}
	}
	if (before.size && is_alike(&before, &range)) {
		range.base = before.base;
		before.size = 0;
	}
	if (behind.size && is_alike(&behind, &range)) {
		end += behind.size;
		behind.size = 0;
	}
	range.size = end - range.base;

	shift_ranges(memory, last,
	             (int32_t)(1 + (before.size != 0) + (behind.size != 0)) -
	                     (int32_t)(last - first));
	if (before.size)
		*place++ = before;
	*place++ = range;
	if (behind.size)
		*place = behind;
}

/* An empty range is none; one that wraps around is nobody's memory. */
static bool is_sound(paddr_t base, uint64_t size)
{
	if (base && size >= -base)
		panic("memory: %#lx bytes at %#lx: beyond the address space",
		      size, base);
	return size;
}

void memory_set(struct memory *memory, paddr_t base, uint64_t size,
                enum memory_type type)
{
	if (is_sound(base, size))
		replace(memory, (struct memory_range){ .base = base,
		                                       .size = size,
		                                       .type = type });
}

void memory_init(struct memory *memory, const struct machine *machine)
{
	memory->count = 0;
	for (uint32_t i = 0; i < machine->ram_count; i++) {
		const struct machine_ram *ram = &machine->ram[i];

		if (ram->type == MEMORY_RAM)
			memory_set(memory, ram->base, ram->size, MEMORY_RAM);
	}

	/* What is said to be no RAM is none, even if also said to be some. */
	for (uint32_t i = 0; i < machine->ram_count; i++) {
		const struct machine_ram *ram = &machine->ram[i];

		if (ram->type != MEMORY_RAM)
			memory_set(memory, ram->base, ram->size, ram->type);
	}
}

bool memory_is_free(const struct memory *memory, paddr_t base, uint64_t size)
{
	uint32_t i = index_above(memory, base);
	const struct memory_range *range = &memory->ranges[i];

	return i < memory->count && range->type == MEMORY_RAM &&
	       !range->is_claimed && base >= range->base &&
	       is_within(base - range->base, size, range->size);
}

void memory_claim(struct memory *memory, const char *name, paddr_t base,
                  uint64_t size, enum memory_type type)
{
	if (!memory_is_free(memory, base, size))
		panic("%s: %#lx bytes at %#lx: not in free RAM", name, size,
		      base);
	if (size)
		replace(memory, (struct memory_range){ .base = base,
		                                       .size = size,
		                                       .type = type,
		                                       .is_claimed = true });
}

void memory_use(struct memory *memory, paddr_t base, uint64_t size)
{
	paddr_t end = base + size;

	if (!is_sound(base, size))
		return;
	for (uint32_t i = index_above(memory, base); i < memory->count; i++) {
		struct memory_range range = memory->ranges[i];
		paddr_t range_base = max_u64(range.base, base);
		paddr_t range_last = min_u64(range_end(&range), end);

		if (range_base >= end)
			return;
		if (range.type != MEMORY_RAM || range.is_claimed)
			continue;
		memory_claim(memory, "memory", range_base,
		             range_last - range_base, MEMORY_RAM);
		/* It may have become one with others: look again. */
		i = index_above(memory, range_base);
	}
}

paddr_t memory_alloc(struct memory *memory, uint64_t size, uint64_t alignment,
                     paddr_t min, paddr_t max, enum memory_type type)
{
	for (uint32_t i = index_above(memory, min); i < memory->count; i++) {
		const struct memory_range *range = &memory->ranges[i];
		paddr_t base = align_up(max_u64(range->base, min), alignment);

		if (base < range->base || base > max || size > max - base)
			return 0;
		if (!memory_is_free(memory, base, size))
			continue;
		memory_claim(memory, "memory", base, size, type);
		return base;
	}
	return 0;
}

paddr_t memory_alloc_top(struct memory *memory, uint64_t size,
                         uint64_t alignment, enum memory_type type)
{
	for (uint32_t i = memory->count; i > 0; i--) {
		const struct memory_range *range = &memory->ranges[i - 1];
		paddr_t end = min_u64(range_end(range), 1ULL << 32);
		paddr_t base;

		if (range->base >= end || size > end - range->base)
			continue;
		base = align_down(end - size, alignment);
		if (!memory_is_free(memory, base, size))
			continue;
		memory_claim(memory, "memory", base, size, type);
		return base;
	}
	return 0;
}
