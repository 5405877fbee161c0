/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/aarch64/lib/cache.c - writes data caches back, see cache.h */
#include "arch/aarch64/lib/cache.h"

#include "arch/aarch64/cpu.h"

/*
 * Each turn of the loop cleans four lines, because a kernel and its initrd may
 * have a million of them.
 */
NOINLINE void cache_clean_range(paddr_t base, uint64_t size)
{
	uint64_t line = cpu_cache_line_size();
	paddr_t end = base + size;

	base = align_down(base, line);
	for (; base + 4 * line <= end; base += 4 * line) {
		cpu_clean_line(base);
		cpu_clean_line(base + line);
		cpu_clean_line(base + 2 * line);
		cpu_clean_line(base + 3 * line);
	}
	for (; base < end; base += line)
		cpu_clean_line(base);
}
