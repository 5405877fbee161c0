/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/fuzz/plain.h - bytes to pack, for the targets of the decoders */
#ifndef TESTS_FUZZ_PLAIN_H
#define TESTS_FUZZ_PLAIN_H

#include "tests/fuzz/fuzz.h"

#define PLAIN_MAX 0x5000

extern uint8_t plain[PLAIN_MAX];

/* Fills plain[] with noise, runs and repeats, and returns its size. */
uint32_t plain_make(struct fuzz_input *input);

/*
 * Returns a copy in a block of exactly this size, so that the address sanitizer
 * sees each byte too many. The caller frees it.
 */
uint8_t *plain_exact(const void *data, size_t size);

#endif
