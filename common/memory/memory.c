/* SPDX-License-Identifier: BSD-2-Clause */
/* common/memory/memory.c - the address space as a list of ranges, and who owns
 * each */
#include "common/memory/memory.h"

#include "common/lib/console.h"
#include "common/machine/machine.h"

#define FREE     MEMORY_RAM
#define END      UINT64_MAX
#define END_KIND (0xffff0000U | MEMORY_NONE) /* unlike any other */

/* The range that `paddr` is in. */
static struct memory_step *find(const struct memory *memory, paddr_t paddr)
{
	const struct memory_step *step = memory->steps;

	if (paddr == END)
		paddr--;
	do
		step++;
	while (step->base <= paddr);
	return (struct memory_step *)step - 1;
}

static bool is_free(const struct memory_step *step, paddr_t base, uint64_t size)
{
	return step->kind == FREE && size <= step[1].base - base;
}

/*
 * In the range `step`, what lies from the first of `parts` to `end` becomes
 * these `count` ranges. Neighbours may then be of the same kind.
 */
static NOINLINE void replace(struct memory *memory, struct memory_step *step,
                             const struct memory_step *parts, uint64_t count,
                             paddr_t end)
{
	struct memory_step *last = memory->end;
	uint64_t has_head = step->base < parts->base;
	uint64_t more = count - 1 + has_head + (end < step[1].base);

	if (last + more > &memory->steps[MEMORY_STEP_MAX])
		panic("memory: more than %u ranges", MEMORY_RANGE_MAX);
	memory->end = last + more;
	do
		last[more] = *last;
	while (--last != step);
	/* The rest of it; where there is none, the last of `parts` comes here.
	 */
	step[more] = (struct memory_step){ end, step->kind };
	step += has_head;
	do
		*step++ = *parts++;
	while (--count);
}

static void cut(struct memory *memory, struct memory_step *step, paddr_t base,
                paddr_t end, uint32_t kind)
{
	struct memory_step part = { base, kind };

	replace(memory, step, &part, 1, end);
}

/* Makes neighbours of the same kind one range. */
static void join(struct memory *memory)
{
	const struct memory_step *end = memory->end;
	struct memory_step *to = memory->steps;

	for (const struct memory_step *from = to + 1; from <= end; from++) {
		if (from->kind != to->kind)
			*++to = *from;
	}
	memory->end = to;
}

/* Makes [base, base + size) of one kind, or no more of it than is free. */
static NOINLINE void set_pieces(struct memory *memory, paddr_t base,
                                uint64_t size, uint32_t kind, bool is_for_free)
{
	paddr_t end = base + size, next;

	if (end < base)
		panic("memory: %#lx bytes at %#lx: beyond the address space",
		      size, base);
	for (; base < end; base = next) {
		struct memory_step *step = find(memory, base);

		next = min_u64(step[1].base, end);
		if (step->kind == FREE || !is_for_free)
			cut(memory, step, base, next, kind);
	}
}

static void set_kind(struct memory *memory, paddr_t base, uint64_t size,
                     uint32_t kind)
{
	struct memory_step *step = find(memory, base);

	if (size > step[1].base - base)
		set_pieces(memory, base, size, kind, false);
	else if (size)
		cut(memory, step, base, base + size, kind);
}

void memory_lay_low(struct memory *memory, const struct memory_step *steps,
                    uint32_t count, paddr_t end)
{
	if (memory->steps[1].base < end) {
		set_kind(memory, 0, end, MEMORY_NONE);
		join(memory);
	}
	replace(memory, memory->steps, steps, count, end);
}

void memory_init(struct memory *memory, const struct machine *machine)
{
	memory->end = &memory->steps[1];
	memory->steps[0] = (struct memory_step){ 0, MEMORY_NONE };
	memory->steps[1] = (struct memory_step){ END, END_KIND };
	for (uint32_t i = 0; i < machine->ram_count; i++) {
		const struct machine_ram *ram = &machine->ram[i];

		if (ram->type == MEMORY_RAM)
			set_kind(memory, ram->base, ram->size, MEMORY_RAM);
	}

	/* What is said to be no RAM is none, even if also said to be some. */
	for (uint32_t i = 0; i < machine->ram_count; i++) {
		const struct machine_ram *ram = &machine->ram[i];

		if (ram->type > UINT16_MAX)
			panic("memory: %#lx bytes at %#lx: type %#x, at most "
			      "%#x",
			      ram->size, ram->base, ram->type, UINT16_MAX);
		if (ram->type != MEMORY_RAM)
			set_kind(memory, ram->base, ram->size, ram->type);
	}
	if (machine->ram_count > 1)
		join(memory);
}

void memory_set(struct memory *memory, paddr_t base, uint64_t size,
                enum memory_type type)
{
	set_kind(memory, base, size, type);
	if (type == MEMORY_RAM)
		join(memory);
}

void memory_use(struct memory *memory, paddr_t base, uint64_t size)
{
	set_pieces(memory, base, size, MEMORY_RAM | MEMORY_CLAIMED, true);
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
		cut(memory, step, base, base + size, type | MEMORY_CLAIMED);
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

paddr_t memory_alloc(struct memory *memory, uint64_t size, uint64_t alignment,
                     paddr_t min, paddr_t max, enum memory_type type)
{
	for (struct memory_step *step = find(memory, min); step != memory->end;
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
	for (struct memory_step *step = memory->end; step-- != memory->steps;) {
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
