/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/aarch64/lib/cache.h - data caches, DDI 0487 section D7.5 */
#ifndef ARCH_AARCH64_LIB_CACHE_H
#define ARCH_AARCH64_LIB_CACHE_H

#include "common/lib/compiler.h"

/*
 * Writes the range, of `size` bytes, back to memory, for code that reads it
 * with caches off. The range must be mapped. The write is complete after the
 * caller's next cpu_sync().
 */
void cache_clean_range(paddr_t base, uint64_t size);

/*
 * paging.S: discards what the caches hold of the range. `base` and `size`, in
 * bytes, are multiples of 2 KiB.
 */
void cache_invalidate(paddr_t base, uint64_t size);

#endif
