/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/aarch64/lib/cache.h - data caches, DDI 0487 section D7.5 */
#ifndef ARCH_AARCH64_LIB_CACHE_H
#define ARCH_AARCH64_LIB_CACHE_H

#include "common/lib/compiler.h"

/*
 * What was written to the range is in memory, for whoever reads it with caches
 * off; after the caller's cpu_sync(). The range is mapped.
 */
void cache_clean_range(paddr_t base, uint64_t size);

/* paging.S: the caches forget the range, whole pages of 4 KiB. */
void cache_invalidate(paddr_t base, uint64_t size);

#endif
