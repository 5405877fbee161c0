/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/x86_64/place/pieces.c - a kernel placed piece by piece, see pieces.h */
#include "arch/x86_64/place/pieces.h"

#include "arch/x86_64/memmap.h"
#include "common/lib/console.h"

/*
 * COMMAND_LINE_SIZE of x86 Linux without the NUL, for kernels that do not tell
 * their own.
 */
#define CMDLINE_MAX_DEFAULT 2047

struct machine_range pieces_extent(const struct payload *payload)
{
	paddr_t base = UINT64_MAX, end = 0;

	for (uint32_t i = 0; i < payload->segment_count; i++) {
		const struct payload_segment *segment = &payload->segments[i];

		base = min_u64(base, segment->paddr);
		end = max_u64(end, segment->paddr + segment->memory_size);
	}
	return (struct machine_range){ base, end - base };
}

void pieces_claim(struct kernel *kernel, struct memory *memory, paddr_t base,
                  uint64_t size)
{
	paddr_t end = max_u64(kernel->base + kernel->size, base + size);

	if (base < HIGH_RAM_BASE)
		panic("kernel: segment at %#lx: must be above %#x", base,
		      HIGH_RAM_BASE);
	check(size > 0);
	memory_claim(memory, "kernel segment", base, size, MEMORY_RAM);
	if (!kernel->size || base < kernel->base)
		kernel->base = base;
	kernel->size = end - kernel->base;
}

NOINLINE void pieces_finish(struct kernel *kernel, paddr_t entry)
{
	if (entry - kernel->base >= kernel->size)
		panic("kernel: entry %#lx: not in its %#lx bytes at %#lx",
		      entry, kernel->size, kernel->base);
	kernel->entry = entry;
	kernel->cmdline_max = CMDLINE_MAX_DEFAULT;
	kernel->initrd.end = KERNEL_ADDRESS_MAX;
}
