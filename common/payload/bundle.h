/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/payload/bundle.h - opens a bundle
 *
 * common/spec/bundle.h has the format.
 */
#ifndef COMMON_PAYLOAD_BUNDLE_H
#define COMMON_PAYLOAD_BUNDLE_H

#include "common/payload/payload.h"

/* Tells whether the `size` bytes at `base` start as a bundle does. */
bool bundle_is_at(const void *base, uint64_t size);

/*
 * Proves that the bundle at `base`, of at most `available` bytes, is whole and
 * that all its parts lie within it. Then fills payload->options and the
 * payload's sources from it. source_load() proves later what the sections hold.
 * Panics on anything that does not fit.
 */
void bundle_open(struct payload *payload, const void *base, uint64_t available);

/*
 * Does the same for the bundle on payload->disk, whose first page has been
 * read. Sections that cannot stay on the disk are read to RAM.
 */
void bundle_open_disk(struct payload *payload, struct memory *memory);

#endif
