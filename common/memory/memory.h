/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/memory/memory.h - who owns which page
 *
 * All of the address space, from 0 on, in ranges that touch. RAM comes from the
 * machine; a range of RAM is claimed before anything is written to it, and
 * nothing else is ever written. What remains unclaimed, and what the kernel may
 * reuse, goes to the kernel as RAM (E820, EFI memory map, /memory).
 */
#ifndef COMMON_MEMORY_MEMORY_H
#define COMMON_MEMORY_MEMORY_H

#include "common/machine/machine.h"

#define MEMORY_RANGE_MAX 640

struct memory_range {
	paddr_t base;
	uint64_t size;
	uint16_t type;   /* enum memory_type */
	bool is_claimed; /* RAM in use by the boot: not given out again */
};

/* Where a range starts, which ends where the next one starts. */
struct memory_step {
	paddr_t base;
	uint32_t kind; /* enum memory_type, and MEMORY_CLAIMED */
};

#define MEMORY_CLAIMED 0x10000

/* Every range might have a gap before it, and there is one at the end. */
#define MEMORY_STEP_MAX (2 * MEMORY_RANGE_MAX + 1)

struct memory {
	struct memory_step *end; /* behind the last range: the end of all */
	struct memory_step steps[MEMORY_STEP_MAX + 1]; /* sorted */
};

/* What starts with `step`; gaps are ranges too, of MEMORY_NONE. */
static inline struct memory_range memory_range(const struct memory_step *step)
{
	return (struct memory_range){
		.base = step->base,
		.size = step[1].base - step->base,
		.type = (uint16_t)step->kind,
		.is_claimed = step->kind & MEMORY_CLAIMED,
	};
}

/* Lists the machine's RAM; addresses in no range are no memory at all. */
void memory_init(struct memory *memory, const struct machine *machine);

/*
 * Takes [base, base + size), which must be free RAM (`name` tells the user
 * whose it would have been, if it is not), and types it for the kernel.
 */
void memory_claim(struct memory *memory, const char *name, paddr_t base,
                  uint64_t size, enum memory_type type);

/*
 * Types a range for the kernel whatever it was before: MMIO, the VMM's tables.
 * It demands nothing and claims nothing, so RAM typed MEMORY_RAM is free again.
 */
void memory_set(struct memory *memory, paddr_t base, uint64_t size,
                enum memory_type type);

/*
 * Marks what is in use until the kernel runs, wherever it lies: the VMM's data,
 * the blob itself. What of it is not free RAM stays as it is.
 */
void memory_use(struct memory *memory, paddr_t base, uint64_t size);

/* Is all of [base, base + size) RAM, either free or in use? */
bool memory_is_ram(const struct memory *memory, paddr_t base, uint64_t size);

/* Is all of it free RAM? */
bool memory_is_free(const struct memory *memory, paddr_t base, uint64_t size);

/*
 * Finds and claims RAM of `size` bytes in [min, max), at the lowest address
 * that is a multiple of `alignment`. Returns 0 when there is none.
 */
paddr_t memory_alloc(struct memory *memory, uint64_t size, uint64_t alignment,
                     paddr_t min, paddr_t max, enum memory_type type);

/* The same from `wanted` on, or else from `min` on. */
paddr_t memory_alloc_near(struct memory *memory, uint64_t size,
                          uint64_t alignment, paddr_t wanted, paddr_t min,
                          paddr_t max, enum memory_type type);

/* The same at the highest address below 4 GiB; for what is in use briefly. */
paddr_t memory_alloc_top(struct memory *memory, uint64_t size,
                         uint64_t alignment, enum memory_type type);

#define MEMORY_PAGE_SIZE 4096

/*
 * Takes and maps whole pages for what is in use until the kernel runs: below
 * 4 GiB if there is as much free RAM in one piece, else above. Panics, naming
 * `name`, when there is none.
 */
paddr_t memory_take(struct memory *memory, const char *name, uint64_t size);

#endif
