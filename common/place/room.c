/* SPDX-License-Identifier: BSD-2-Clause */
/* common/place/room.c - room for initrd and command line, see room.h */
#include "common/place/room.h"

#include "common/lib/console.h"

/* Bytes that cmdline_append() may add: tsc_early_khz, the VMM's devices. */
#define ADDED_SIZE_MAX (64 * (1 + MACHINE_NAMED_MAX))

struct machine_range room_for_initrd(const struct kernel *kernel, uint64_t size,
                                     struct memory *memory)
{
	const struct place_limits *limits = &kernel->initrd;
	paddr_t base =
		memory_alloc_near(memory, size, limits->alignment, limits->base,
	                          limits->lowest, limits->end, MEMORY_RAM);

	if (!base)
		panic("initrd: %#lx bytes: no free RAM of that size below %#lx",
		      size, limits->end);
	return (struct machine_range){ base, size };
}

struct machine_range room_for_cmdline(const struct kernel *kernel,
                                      uint64_t size, struct memory *memory)
{
	const struct place_limits *limits = &kernel->cmdline;
	const struct machine_range *area = &kernel->cmdline_area;
	uint64_t room = size + 1 + ADDED_SIZE_MAX;
	paddr_t base;

	if (size > kernel->cmdline_max + 1ULL)
		panic("cmdline: %lu bytes: the kernel takes %u", size - 1,
		      kernel->cmdline_max);
	if (room > area->size && size + 1 <= area->size)
		room = area->size;
	if (room <= area->size)
		return (struct machine_range){ area->base, room };
	base = memory_alloc(memory, room, limits->alignment, limits->base,
	                    limits->end, MEMORY_RAM);
	if (!base)
		panic("cmdline: %lu bytes: no free RAM", room);
	return (struct machine_range){ base, room };
}
