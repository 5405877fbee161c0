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
	if (shift > 0 && memory->count + shift > MEMORY_RANGE_MAX)
		panic("memory: more than %u ranges", MEMORY_RANGE_MAX);
	if (!shift)
		return;
	memmove(&memory->ranges[(int32_t)i + shift], &memory->ranges[i],
	        (memory->count - i) * sizeof(memory->ranges[0]));
	memory->count += shift;
}

/* Makes `paddr` a border: a range across it becomes two. */
static void split_at(struct memory *memory, paddr_t paddr)
{
	uint32_t i = index_above(memory, paddr);
	struct memory_range *range = &memory->ranges[i];

	if (i == memory->count || range->base >= paddr)
		return;
	shift_ranges(memory, i, 1);
	range[0].size = paddr - range[0].base;
	range[1].base = paddr;
	range[1].size -= range[0].size;
}

/* Joins range `i` with the one before it, if nothing tells them apart. */
static void join_before(struct memory *memory, uint32_t i)
{
	struct memory_range *range = &memory->ranges[i];

	if (i == 0 || i >= memory->count ||
	    range_end(&range[-1]) != range->base ||
	    range[-1].type != range->type ||
	    range[-1].is_claimed != range->is_claimed)
		return;
	range[-1].size += range->size;
	shift_ranges(memory, i + 1, -1);
}

/* Makes [base, base + size) one range, in place of what was there. */
static void replace(struct memory *memory, struct memory_range range)
{
	uint32_t first, last;

	split_at(memory, range.base);
	split_at(memory, range_end(&range));
	first = index_above(memory, range.base);
	last = index_above(memory, range_end(&range) - 1);
	if (last < memory->count &&
	    memory->ranges[last].base < range_end(&range))
		last++;
	shift_ranges(memory, last, 1 - (int32_t)(last - first));
	memory->ranges[first] = range;
	join_before(memory, first + 1);
	join_before(memory, first);
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
