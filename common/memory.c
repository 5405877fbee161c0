/* SPDX-License-Identifier: BSD-2-Clause */
/* common/memory.c - the address space as a list of ranges, and who owns each */
#include "common/memory.h"

#include "common/console.h"
#include "common/machine.h"

#define FREE     MEMORY_RAM
#define END      UINT64_MAX
#define END_KIND UINT32_MAX /* unlike any other */

/* The range that `paddr` is in. */
static struct memory_step *find(const struct memory *memory, paddr_t paddr)
{
	const struct memory_step *step = memory->steps;

	if (paddr == END)
		paddr--;
	while (step[1].base <= paddr)
		step++;
	return (struct memory_step *)step;
}

static bool is_free(const struct memory_step *step, paddr_t base, uint64_t size)
{
	return step->kind == FREE && size <= step[1].base - base;
}

/* Moves `from` and all behind it, at least the end, to `to`. */
static void move_steps(struct memory *memory, struct memory_step *from,
                       struct memory_step *to)
{
	struct memory_step *last = &memory->steps[memory->count];
	int64_t distance = to - from;

	if (memory->count + distance > MEMORY_STEP_MAX)
		panic("memory: more than %u ranges", MEMORY_RANGE_MAX);
	memory->count += distance;
	if (distance > 0) {
		do
			last[distance] = *last;
		while (--last >= from);
	} else if (distance < 0) {
		do
			from[distance] = *from;
		while (++from <= last);
	}
}

/*
 * Makes [base, end) of one kind, whatever it was. `step` is the range that it
 * starts in.
 */
static void set_kind(struct memory *memory, struct memory_step *step,
                     paddr_t base, paddr_t end, uint32_t kind)
{
	struct memory_step *first = step + (step->base < base);
	struct memory_step *next = step + 1;
	uint32_t kind_behind;
	bool opens, closes;

	while (next->base < end)
		next++;
	kind_behind = next[-1].kind;
	/* Neighbours of this kind are the same range. */
	opens = first == memory->steps || first[-1].kind != kind;
	closes = next->base > end && kind_behind != kind;
	if (next->base == end && next->kind == kind)
		next++;

	move_steps(memory, next, first + opens + closes);
	if (opens)
		*first++ = (struct memory_step){ base, kind };
	if (closes)
		*first = (struct memory_step){ end, kind_behind };
}

void memory_set(struct memory *memory, paddr_t base, uint64_t size,
                enum memory_type type)
{
	if (base && size >= -base)
		panic("memory: %#lx bytes at %#lx: beyond the address space",
		      size, base);
	if (size)
		set_kind(memory, find(memory, base), base, base + size, type);
}

void memory_init(struct memory *memory, const struct machine *machine)
{
	memory->count = 1;
	memory->steps[0] = (struct memory_step){ 0, MEMORY_NONE };
	memory->steps[1] = (struct memory_step){ END, END_KIND };
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

bool memory_is_ram(const struct memory *memory, paddr_t base, uint64_t size)
{
	const struct memory_step *step = find(memory, base);

	return (step->kind & ~MEMORY_CLAIMED) == MEMORY_RAM &&
	       size <= step[1].base - base;
}

bool memory_is_free(const struct memory *memory, paddr_t base, uint64_t size)
{
	return is_free(find(memory, base), base, size);
}

/* Of the range `step`, which is free. */
static void claim(struct memory *memory, struct memory_step *step, paddr_t base,
                  uint64_t size, enum memory_type type)
{
	if (size)
		set_kind(memory, step, base, base + size,
		         type | MEMORY_CLAIMED);
}

void memory_claim(struct memory *memory, const char *name, paddr_t base,
                  uint64_t size, enum memory_type type)
{
	struct memory_step *step = find(memory, base);

	if (!is_free(step, base, size))
		panic("%s: %#lx bytes at %#lx: not in free RAM", name, size,
		      base);
	claim(memory, step, base, size, type);
}

void memory_use(struct memory *memory, paddr_t base, uint64_t size)
{
	paddr_t end = base + size, next;

	if (end < base)
		panic("memory: %#lx bytes at %#lx: beyond the address space",
		      size, base);
	for (; base < end; base = next) {
		struct memory_step *step = find(memory, base);

		next = min_u64(step[1].base, end);
		if (step->kind == FREE)
			claim(memory, step, base, next - base, MEMORY_RAM);
	}
}

paddr_t memory_alloc(struct memory *memory, uint64_t size, uint64_t alignment,
                     paddr_t min, paddr_t max, enum memory_type type)
{
	struct memory_step *end = &memory->steps[memory->count];

	for (struct memory_step *step = find(memory, min); step != end;
	     step++) {
		paddr_t base = align_up(max_u64(step->base, min), alignment);

		if (base < step->base || base > max || size > max - base)
			return 0;
		if (base >= step[1].base || !is_free(step, base, size))
			continue;
		claim(memory, step, base, size, type);
		return base;
	}
	return 0;
}

paddr_t memory_alloc_top(struct memory *memory, uint64_t size,
                         uint64_t alignment, enum memory_type type)
{
	for (uint32_t i = memory->count; i > 0; i--) {
		struct memory_step *step = &memory->steps[i - 1];
		paddr_t end = min_u64(step[1].base, 1ULL << 32);
		paddr_t base;

		if (step->base >= end || size > end - step->base)
			continue;
		base = align_down(end - size, alignment);
		if (base < step->base || !is_free(step, base, size))
			continue;
		claim(memory, step, base, size, type);
		return base;
	}
	return 0;
}
