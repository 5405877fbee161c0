/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/memory/memory.h - who owns which page
 *
 * The map holds all of the address space, from 0 on, in ranges that touch. RAM
 * comes from the machine. A range of RAM is claimed before anything is written
 * to it, and nothing else is ever written. What stays unclaimed, and what the
 * kernel may reuse, goes to the kernel as RAM (E820, EFI memory map, /memory).
 */
#ifndef COMMON_MEMORY_MEMORY_H
#define COMMON_MEMORY_MEMORY_H

#include "common/machine/machine.h"

#define MEMORY_RANGE_MAX 640

struct memory_range {
	paddr_t base;
	uint64_t size;
	uint16_t type;   /* enum memory_type */
	bool is_claimed; /* the boot uses this RAM, and no one else gets it */
};

/* The start of a range, which ends where the next one starts. */
struct memory_step {
	paddr_t base;
	uint32_t kind; /* enum memory_type, and MEMORY_CLAIMED */
};

#define MEMORY_CLAIMED 0x10000

/* Every range may have a gap before it, and there may be one at the end. */
#define MEMORY_STEP_MAX (2 * MEMORY_RANGE_MAX + 1)

struct memory {
	struct memory_step *end; /* behind the last range */
	struct memory_step steps[MEMORY_STEP_MAX + 1]; /* sorted */
};

/* Returns the range that starts with `step`. Gaps are ranges of MEMORY_NONE. */
static inline struct memory_range memory_range(const struct memory_step *step)
{
	return (struct memory_range){
		.base = step->base,
		.size = step[1].base - step->base,
		.type = (uint16_t)step->kind,
		.is_claimed = step->kind & MEMORY_CLAIMED,
	};
}

/*
 * Makes the map of the machine's RAM. An address in no range is no memory.
 * Panics if a range ends beyond MACHINE_ADDRESS_END.
 */
void memory_init(struct memory *memory, const struct machine *machine);

/* Panics, naming `name`, unless all of [base, base + size) is free RAM. */
void memory_check_free(const struct memory *memory, const char *name,
                       paddr_t base, uint64_t size);

/* Checks the same, claims the range, and sets its type for the kernel. */
void memory_claim(struct memory *memory, const char *name, paddr_t base,
                  uint64_t size, enum memory_type type);

/*
 * Sets the type of a range for the kernel, whatever it was before: MMIO, or the
 * VMM's tables. It demands nothing and claims nothing, so RAM of type
 * MEMORY_RAM is free again.
 */
void memory_set(struct memory *memory, paddr_t base, uint64_t size,
                enum memory_type type);

/*
 * Claims a range that is in use until the kernel runs, wherever it lies: the
 * VMM's data, or the blob itself. The parts of it that are not free RAM stay as
 * they are.
 */
void memory_use(struct memory *memory, paddr_t base, uint64_t size);

/* Tells whether all of [base, base + size) is RAM, either free or claimed. */
bool memory_is_ram(const struct memory *memory, paddr_t base, uint64_t size);

/* Tells whether all of [base, base + size) is free RAM. */
bool memory_is_free(const struct memory *memory, paddr_t base, uint64_t size);

/*
 * Claims `size` bytes of free RAM in [min, max), at the lowest address that is
 * a multiple of `alignment`. Returns the address, or 0 if there is no such RAM.
 */
paddr_t memory_alloc(struct memory *memory, uint64_t size, uint64_t alignment,
                     paddr_t min, paddr_t max, enum memory_type type);

/* Does the same from `wanted` on, or else from `min` on. */
paddr_t memory_alloc_near(struct memory *memory, uint64_t size,
                          uint64_t alignment, paddr_t wanted, paddr_t min,
                          paddr_t max, enum memory_type type);

/* Does the same at the highest address below 4 GiB. This is for short use. */
paddr_t memory_alloc_top(struct memory *memory, uint64_t size,
                         uint64_t alignment, enum memory_type type);

#define MEMORY_PAGE_SIZE 4096

/*
 * Claims and maps `size` bytes at a page's start, for what is in use until the
 * kernel runs: below 4 GiB if there is room, else above. Panics, naming `name`,
 * if there is none.
 */
paddr_t memory_take(struct memory *memory, const char *name, uint64_t size);

#endif
