/* SPDX-License-Identifier: BSD-2-Clause */
/* common/payload/bundle.h - opens a bundle (common/spec/bundle.h) */
#ifndef COMMON_PAYLOAD_BUNDLE_H
#define COMMON_PAYLOAD_BUNDLE_H

#include "common/payload/payload.h"

struct boot;

/* Do the `size` bytes at `base` start as a bundle does? */
bool bundle_is_at(const void *base, uint64_t size);

/*
 * Proves that the bundle at `base`, of at most `available` bytes, is whole and
 * all its parts lie within it, then fills boot->options and boot->payload from
 * it. SOURCE_DISK: `base` has no more than the disk's first page. What the
 * sections hold is proven later, by source_load(). Panics on anything that does
 * not fit.
 */
void bundle_open(struct boot *boot, const void *base, uint64_t available,
                 enum source_kind kind);

#endif
