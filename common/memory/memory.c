/* SPDX-License-Identifier: BSD-2-Clause */
/* common/memory/memory.c - who owns which range of addresses, see memory.h */
#include "common/memory/memory.h"

#include "common/arch.h"
#include "common/lib/console.h"
#include "common/lib/string.h"

#define FREE     MEMORY_RAM
#define END      UINT64_MAX
#define END_KIND (0xffff0000U | MEMORY_NONE) /* unlike any other */

/* Returns the range that `paddr` is in: `step`, or one behind it. */
static struct memory_step *find(const struct memory *memory,
                                const struct memory_step *step, paddr_t paddr)
{
	while (step != memory->end && step[1].base <= paddr)
		step++;
	return (struct memory_step *)step;
}

static bool is_free(const struct memory_step *step, paddr_t base, uint64_t size)
{
	return step->kind == FREE && size <= step[1].base - base;
}

/*
 * Returns the step that starts at `paddr`. `paddr` lies in the range `step`,
 * which becomes two ranges unless it starts there.
 */
static struct memory_step *split(struct memory *memory,
                                 struct memory_step *step, paddr_t paddr)
{
	if (step->base == paddr)
		return step;
	if (memory->end == &memory->steps[MEMORY_STEP_MAX])
		panic("memory: more than %u ranges", MEMORY_RANGE_MAX);
	for (struct memory_step *at = memory->end++; at != step; at--)
		at[1] = at[0];
	step[1] = (struct memory_step){ paddr, step->kind };
	return step + 1;
}

/* Joins the ranges from `from` up to `to` to the range before `from`. */
static void remove(struct memory *memory, struct memory_step *from,
                   struct memory_step *to)
{
	if (from == to)
		return;
	memmove(from, to,
	        (uint64_t)((uint8_t *)(memory->end + 1) - (uint8_t *)to));
	memory->end -= to - from;
}

static NORETURN void refuse_range(paddr_t base, uint64_t size)
{
	panic_range("memory", size, base, "beyond the address space");
}

static void check_range(paddr_t base, uint64_t size)
{
	if (size > END - base)
		refuse_range(base, size);
}

/* Makes all of [base, base + size) one range. */
static void set_kind(struct memory *memory, paddr_t base, uint64_t size,
                     uint32_t kind)
{
	struct memory_step *first, *last;

	if (!size)
		return;
	check_range(base, size);
	first = split(memory, find(memory, memory->steps, base), base);
	last = split(memory, find(memory, first, base + size), base + size);
	first->kind = kind;
	if (last->kind == kind)
		last++;
	if (first != memory->steps && first[-1].kind == kind)
		first--;
	remove(memory, first + 1, last);
}

void memory_init(struct memory *memory, const struct machine *machine)
{
	memory->end = &memory->steps[1];
	memory->steps[0] = (struct memory_step){ 0, MEMORY_NONE };
	memory->steps[1] = (struct memory_step){ END, END_KIND };
	for (uint32_t i = 0; i < machine->ram_count; i++) {
		const struct machine_ram *ram = &machine->ram[i];

		if (!is_within(ram->base, ram->size, MACHINE_ADDRESS_END))
			refuse_range(ram->base, ram->size);
		if (ram->type == MEMORY_RAM)
			set_kind(memory, ram->base, ram->size, MEMORY_RAM);
	}

	/*
	 * An address that is listed both as RAM and as something else is no
	 * RAM.
	 */
	for (uint32_t i = 0; i < machine->ram_count; i++) {
		const struct machine_ram *ram = &machine->ram[i];

		if (ram->type > UINT16_MAX)
			panic_range("memory", ram->size, ram->base,
			            "type %#x, at most %#x", ram->type,
			            UINT16_MAX);
		if (ram->type != MEMORY_RAM)
			set_kind(memory, ram->base, ram->size, ram->type);
	}
}

void memory_set(struct memory *memory, paddr_t base, uint64_t size,
                enum memory_type type)
{
	set_kind(memory, base, size, type);
}

void memory_use(struct memory *memory, paddr_t base, uint64_t size)
{
	check_range(base, size);
	while (size) {
		const struct memory_step *step =
			find(memory, memory->steps, base);
		uint64_t part = min_u64(size, step[1].base - base);

		if (step->kind == FREE)
			set_kind(memory, base, part,
			         MEMORY_RAM | MEMORY_CLAIMED);
		base += part;
		size -= part;
	}
}

bool memory_is_ram(const struct memory *memory, paddr_t base, uint64_t size)
{
	const struct memory_step *step = find(memory, memory->steps, base);

	return (step->kind & ~MEMORY_CLAIMED) == MEMORY_RAM &&
	       size <= step[1].base - base;
}

bool memory_is_free(const struct memory *memory, paddr_t base, uint64_t size)
{
	return is_free(find(memory, memory->steps, base), base, size);
}

static void claim(struct memory *memory, paddr_t base, uint64_t size,
                  enum memory_type type)
{
	set_kind(memory, base, size, type | MEMORY_CLAIMED);
}

void memory_check_free(const struct memory *memory, const char *name,
                       paddr_t base, uint64_t size)
{
	if (!memory_is_free(memory, base, size))
		panic_range(name, size, base, "not in free RAM");
}

void memory_claim(struct memory *memory, const char *name, paddr_t base,
                  uint64_t size, enum memory_type type)
{
	memory_check_free(memory, name, base, size);
	claim(memory, base, size, type);
}

paddr_t memory_alloc(struct memory *memory, uint64_t size, uint64_t alignment,
                     paddr_t min, paddr_t max, enum memory_type type)
{
	for (struct memory_step *step = find(memory, memory->steps, min);
	     step != memory->end; step++) {
		paddr_t base = align_up(max_u64(step->base, min), alignment);

		if (base < step->base || base > max || size > max - base)
			return 0;
		if (base >= step[1].base || !is_free(step, base, size))
			continue;
		claim(memory, base, size, type);
		return base;
	}
	return 0;
}

paddr_t memory_alloc_near(struct memory *memory, uint64_t size,
                          uint64_t alignment, paddr_t wanted, paddr_t min,
                          paddr_t max, enum memory_type type)
{
	paddr_t base = memory_alloc(memory, size, alignment, wanted, max, type);

	if (!base)
		base = memory_alloc(memory, size, alignment, min, max, type);
	return base;
}

paddr_t memory_alloc_top(struct memory *memory, uint64_t size,
                         uint64_t alignment, enum memory_type type)
{
	for (struct memory_step *step = memory->end; step-- != memory->steps;) {
		paddr_t end = min_u64(step[1].base, FOUR_GIB);
		paddr_t base;

		if (step->base >= end || size > end - step->base)
			continue;
		base = align_down(end - size, alignment);
		if (base < step->base || !is_free(step, base, size))
			continue;
		claim(memory, base, size, type);
		return base;
	}
	return 0;
}

paddr_t memory_take(struct memory *memory, const char *name, uint64_t size)
{
	paddr_t base =
		memory_alloc_top(memory, size, MEMORY_PAGE_SIZE, MEMORY_RAM);

	if (!base)
		base = memory_alloc(memory, size, MEMORY_PAGE_SIZE, FOUR_GIB,
		                    MACHINE_PADDR_END, MEMORY_RAM);
	if (!base)
		panic("%s: %#lx bytes: no RAM for them", name, size);
	arch_map(base, size);
	return base;
}
