/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/unit/bundle_maker.h - makes bundles for tests of their readers */
#ifndef TESTS_UNIT_BUNDLE_MAKER_H
#define TESTS_UNIT_BUNDLE_MAKER_H

#include "common/spec/bundle.h"

#define BUNDLE_MAKER_MAX 0x8000 /* bytes, zeroed by bundle_begin() */

struct bundle_maker {
	uint8_t *bytes;
	uint64_t size;
};

/* Begins a bundle without sections. */
void bundle_begin(struct bundle_maker *maker, uint8_t *bytes,
                  enum bundle_kernel_kind kind, uint32_t flags,
                  enum bundle_on_error on_error);

void bundle_add(struct bundle_maker *maker, enum bundle_section_type type,
                enum bundle_compression compression, const void *data,
                uint64_t stored_size, uint64_t size);

/* Fills in the checksums and returns the bundle's size in bytes. */
uint64_t bundle_end(struct bundle_maker *maker);

#endif
