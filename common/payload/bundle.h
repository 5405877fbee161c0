/* SPDX-License-Identifier: BSD-2-Clause */
/* common/payload/bundle.h - opens a bundle; its format is common/spec/bundle.h
 */
#ifndef COMMON_PAYLOAD_BUNDLE_H
#define COMMON_PAYLOAD_BUNDLE_H

#include "common/payload/payload.h"

/* Do the `size` bytes at `base` start as a bundle does? */
bool bundle_is_at(const void *base, uint64_t size);

/*
 * Proves that the bundle at `base`, of at most `available` bytes, is whole and
 * all its parts lie within it, then fills payload->options and the payload's
 * sources from it. What the sections hold is proven later, by source_load().
 * Panics on anything that does not fit.
 */
void bundle_open(struct payload *payload, const void *base, uint64_t available);

/*
 * The same for the bundle on payload->disk, whose first page is read already.
 * Sections that the blob cannot leave there are read to RAM.
 */
void bundle_open_disk(struct payload *payload, struct memory *memory);

#endif
