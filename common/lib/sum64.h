/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/lib/sum64.h - the checksum by which the blob checks a bundle
 *
 * The sum goes over 64-bit little-endian words w, the last of which is filled
 * up with zeros:
 *
 *     sum = rotate_left(sum, 13) + w
 *
 * Each step is a bijection of the sum, so that a change in one word, be it one
 * bit or all of them, always changes the result. A word takes two cycles on any
 * CPU, and a handful of host instructions under an emulator, which has no fast
 * CRC instruction.
 */
#ifndef COMMON_LIB_SUM64_H
#define COMMON_LIB_SUM64_H

#include "common/lib/compiler.h"

/*
 * Continues `sum`, which is 0 at first, over `size` bytes. `size` is a multiple
 * of 8 in all calls but the last.
 */
uint64_t sum64(uint64_t sum, const void *data, uint64_t size);

/* Copies `size` bytes and returns their sum. Each byte is read once. */
uint64_t sum64_copy(void *dest, const void *src, uint64_t size);

#endif
