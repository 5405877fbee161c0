/* SPDX-License-Identifier: BSD-2-Clause */
/* common/paravisor/split_memory.c - whose RAM is whose; see split.h */
#include "common/lib/console.h"
#include "common/lib/string.h"
#include "common/paravisor/split.h"
#include "common/spec/igvm_params.h"

#define SPLIT_ALIGN 0x200000 /* what a page table maps by one entry */

struct split {
	bool is_typed; /* the host has said which RAM is the paravisor's */
	bool is_sized; /* only what is left of each node's share is taken */
	paddr_t low_end;
	uint64_t left[MACHINE_NODE_MAX];
};

static bool is_candidate(const struct split *split,
                         const struct machine_ram *ram)
{
	return ram->type == MEMORY_RAM &&
	       (!split->is_typed ||
	        ram->igvm_type == IGVM_MEMORY_VTL2_PROTECTABLE);
}

/* Tells whether the range is the paravisor's by its place alone. */
static bool is_low(const struct split *split, const struct machine_ram *ram)
{
	return ram->base + ram->size <= split->low_end;
}

/* Gives each node that has candidates its share of `size`. */
static void set_shares(struct split *split, const struct machine *machine,
                       uint64_t size)
{
	uint64_t share, nodes = 0;
	uint32_t count = 0;

	for (uint32_t i = 0; i < machine->ram_count; i++) {
		const struct machine_ram *ram = &machine->ram[i];

		if (!is_candidate(split, ram) || is_low(split, ram))
			continue;
		if (ram->node >= MACHINE_NODE_MAX)
			panic("paravisor: RAM at %#lx: node %u, at most %u",
			      ram->base, ram->node, MACHINE_NODE_MAX - 1);
		count += !(nodes >> ram->node & 1);
		nodes |= 1ULL << ram->node;
	}
	if (!count || size > MACHINE_ADDRESS_END)
		panic("paravisor: %#lx bytes: of %u nodes with RAM", size,
		      count);
	share = align_up((size + count - 1) / count, SPLIT_ALIGN);
	for (uint32_t i = 0; i < MACHINE_NODE_MAX; i++)
		split->left[i] = nodes >> i & 1 ? share : 0;
}

/* Returns the part of a range that is the paravisor's; its size may be 0. */
static struct machine_range take(struct split *split,
                                 const struct machine_ram *ram)
{
	struct machine_range all = { ram->base, ram->size };
	paddr_t base = align_up(ram->base, SPLIT_ALIGN);
	paddr_t end = align_down(ram->base + ram->size, SPLIT_ALIGN);
	uint64_t size;

	if (is_low(split, ram))
		return all;
	if (!is_candidate(split, ram))
		return (struct machine_range){ ram->base, 0 };
	if (!split->is_sized)
		return all;
	size = min_u64(base < end ? end - base : 0, split->left[ram->node]);
	split->left[ram->node] -= size;
	return (struct machine_range){ end - size, size };
}

/* Puts a piece of a range before `next`, unless it is empty. */
static struct machine_ram *put(struct machine_ram *next,
                               const struct machine_ram *ram, paddr_t base,
                               paddr_t end, enum memory_type type)
{
	if (base == end)
		return next;
	next--;
	*next = *ram;
	next->base = base;
	next->size = end - base;
	next->type = type;
	return next;
}

/*
 * Puts the pieces of a range of RAM before `next`: what is the paravisor's, and
 * the guest's on both sides of it.
 */
static struct machine_ram *put_pieces(struct machine_ram *next,
                                      const struct machine_ram *ram,
                                      struct machine_range own)
{
	paddr_t end = ram->base + ram->size;

	if (!own.size)
		return put(next, ram, ram->base, end, MEMORY_NONE);
	next = put(next, ram, own.base + own.size, end, MEMORY_NONE);
	next = put(next, ram, own.base, own.base + own.size, MEMORY_RAM);
	return put(next, ram, ram->base, own.base, MEMORY_NONE);
}

static uint32_t piece_count(const struct machine_ram *ram,
                            struct machine_range own)
{
	return 1 + (own.size && own.base > ram->base) +
	       (own.size && own.base + own.size < ram->base + ram->size);
}

/* Cuts the range in which `paddr` lies, if any, in two. */
static void cut(struct machine *machine, paddr_t paddr)
{
	struct machine_ram *ram = machine->ram;
	uint32_t left = machine->ram_count;

	for (; left && paddr - ram->base >= ram->size; left--)
		ram++;
	if (!left || paddr == ram->base)
		return;
	if (machine->ram_count == MACHINE_RAM_MAX)
		panic("paravisor: RAM: more than %u ranges", MACHINE_RAM_MAX);
	memmove(ram + 1, ram, left * sizeof(*ram));
	machine->ram_count++;
	ram->size = paddr - ram->base;
	ram[1].base = paddr;
	ram[1].size -= ram->size;
}

/*
 * Goes through the ranges from the last to the first, as shares are taken from
 * the top. The array's end takes the pieces until all are known.
 */
static void split_ranges(struct machine *machine, struct split *split)
{
	struct machine_ram *next = &machine->ram[MACHINE_RAM_MAX];

	for (uint32_t i = machine->ram_count; i--;) {
		struct machine_ram ram = machine->ram[i];
		struct machine_range own;

		if (ram.type != MEMORY_RAM) {
			*--next = ram;
			continue;
		}
		own = take(split, &ram);
		if (piece_count(&ram, own) > next - &machine->ram[i])
			panic("paravisor: RAM: more than %u ranges",
			      MACHINE_RAM_MAX);
		next = put_pieces(next, &ram, own);
	}
	machine->ram_count = (uint32_t)(&machine->ram[MACHINE_RAM_MAX] - next);
	memmove(machine->ram, next, machine->ram_count * sizeof(*next));
}

/* Makes what is of type `from` in the range a type of `to`. */
static void set_type(struct machine *machine, const struct machine_range *range,
                     enum memory_type from, enum memory_type to)
{
	cut(machine, range->base);
	cut(machine, range->base + range->size);
	for (uint32_t i = 0; i < machine->ram_count; i++) {
		struct machine_ram *ram = &machine->ram[i];

		if (ram->type == from && ram->base - range->base < range->size)
			ram->type = to;
	}
}

void split_keep(struct machine *machine, const struct machine_range *range)
{
	set_type(machine, range, MEMORY_NONE, MEMORY_RAM);
}

void split_memory(struct machine *machine, uint64_t size,
                  const struct machine_range *hole)
{
	struct split split = { .is_sized = size != 0, .low_end = hole->base };

	for (uint32_t i = 0; i < machine->ram_count; i++)
		split.is_typed |= machine->ram[i].igvm_type ==
		                  IGVM_MEMORY_VTL2_PROTECTABLE;
	if (hole->size)
		set_type(machine, hole, MEMORY_RAM, MEMORY_RESERVED);
	if (size)
		set_shares(&split, machine, size);
	split_ranges(machine, &split);
	for (uint32_t i = 0; i < MACHINE_NODE_MAX; i++) {
		if (split.left[i])
			panic("paravisor: node %u: lacks %#lx bytes of RAM of "
			      "the %#lx asked for",
			      i, split.left[i], size);
	}
}
