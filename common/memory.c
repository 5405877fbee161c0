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

/* Makes room for `count` ranges before range `i`. */
static void open_places(struct memory *memory, uint32_t i, uint32_t count)
{
	struct memory_range *from = &memory->ranges[i];

	if (!count)
		return;
	if (memory->count + count > MEMORY_RANGE_MAX)
		panic("memory: more than %u ranges", MEMORY_RANGE_MAX);
	for (struct memory_range *last = &memory->ranges[memory->count];
	     last > from; last--)
		last[count - 1] = last[-1];
	memory->count += count;
}

/*
 * Puts `range` in the place of what was there, as far as that was one range or
 * none; returns where that ended. What stood out before and behind it stays.
 */
static paddr_t replace_piece(struct memory *memory, struct memory_range range)
{
	uint32_t i = index_above(memory, range.base);
	struct memory_range *place = &memory->ranges[i];
	paddr_t end = range_end(&range), old_end;
	uint32_t before = 0;

	if (i == memory->count || range.base < place->base) {
		if (i < memory->count)
			end = min_u64(end, place->base);
		open_places(memory, i, 1);
	} else {
		old_end = range_end(place);
		end = min_u64(end, old_end);
		before = place->base < range.base;
		open_places(memory, i + 1, before + (end < old_end));
		if (end < old_end) {
			place[before + 1] = *place;
			place[before + 1].base = end;
			place[before + 1].size = old_end - end;
		}
		if (before)
			place->size = range.base - place->base;
	}
	place[before] = range;
	place[before].size = end - range.base;
	return end;
}

static bool is_continued(const struct memory_range *range)
{
	return range[1].base == range_end(range) &&
	       range[1].type == range->type &&
	       range[1].is_claimed == range->is_claimed;
}

/* Makes ranges that touch and are alike one, from range `i` up to `end`. */
static void join_alike(struct memory *memory, uint32_t i, paddr_t end)
{
	struct memory_range *range = &memory->ranges[i];

	while (++i < memory->count && range->base < end) {
		if (!is_continued(range)) {
			range++;
			continue;
		}
		range->size += range[1].size;
		memory->count--;
		i--;
		memmove(&range[1], &range[2],
		        (memory->count - i - 1) * sizeof(*range));
	}
}

/* Makes it one range, in the place of whatever ranges and gaps it covers. */
static void replace(struct memory *memory, struct memory_range range)
{
	paddr_t base = range.base, end = range_end(&range);
	uint32_t i;

	while (range.base < end) {
		range.size = end - range.base;
		range.base = replace_piece(memory, range);
	}
	i = index_above(memory, base);
	join_alike(memory, i ? i - 1 : 0, end);
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

		if (ram->type > UINT16_MAX)
			panic("memory: %#lx bytes at %#lx: type %#x, at most "
			      "%#x",
			      ram->size, ram->base, ram->type, UINT16_MAX);
		if (ram->type != MEMORY_RAM)
			memory_set(memory, ram->base, ram->size, ram->type);
	}
}

/* The one range of RAM that holds all of it; NULL: none does. */
static const struct memory_range *ram_around(const struct memory *memory,
                                             paddr_t base, uint64_t size)
{
	uint32_t i = index_above(memory, base);
	const struct memory_range *range = &memory->ranges[i];

	if (i == memory->count || range->type != MEMORY_RAM ||
	    base < range->base ||
	    !is_within(base - range->base, size, range->size))
		return NULL;
	return range;
}

bool memory_is_ram(const struct memory *memory, paddr_t base, uint64_t size)
{
	return ram_around(memory, base, size) != NULL;
}

bool memory_is_free(const struct memory *memory, paddr_t base, uint64_t size)
{
	const struct memory_range *range = ram_around(memory, base, size);

	return range && !range->is_claimed;
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
		/* It may have been cut: look again. */
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
