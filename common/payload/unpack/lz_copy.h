/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/payload/unpack/lz_copy.h - the copies that LZ4 and zstd are made of
 *
 * They go in steps of 8 bytes, without SIMD registers. The callers have proven
 * that everything lies within bounds.
 */
#ifndef COMMON_PAYLOAD_UNPACK_LZ_COPY_H
#define COMMON_PAYLOAD_UNPACK_LZ_COPY_H

#include "common/lib/compiler.h"

#define LZ_STEP 8

static inline uint64_t lz_load_word(const uint8_t *ptr)
{
	uint64_t word;

	__builtin_memcpy(&word, ptr, LZ_STEP);
	return word;
}

static inline void lz_store_word(uint8_t *ptr, uint64_t word)
{
	__builtin_memcpy(ptr, &word, LZ_STEP);
}

/* Copies one step. Source and destination are a step or more apart. */
static inline void lz_copy_step(uint8_t *out, const uint8_t *src)
{
	lz_store_word(out, lz_load_word(src));
}

/* Tells whether `size` more bytes may be read or written from `from` on. */
static inline bool lz_has_room(const uint8_t *from, const uint8_t *end,
                               uint64_t size)
{
	return (uint64_t)(end - from) >= size;
}

/*
 * Writes the first step of a match whose offset is less than a step. Returns
 * the least multiple of the offset that is not: at that distance the match
 * repeats itself, too, and the next step does not overlap its source.
 */
static inline uint64_t lz_widen(uint8_t *out, uint64_t offset)
{
	uint64_t period = offset;
	uint64_t first =
		lz_load_word(out - offset) & ((1ULL << 8 * offset) - 1);
	uint64_t word = first;

	for (; period < LZ_STEP; period += offset)
		word |= first << 8 * period;
	lz_store_word(out, word);
	return period;
}

/*
 * Copies LZ_SHORT_MATCH bytes of what lies `offset` before `out`, which may
 * overlap what is written; a caller that asked for less overwrites the excess.
 */
#define LZ_SHORT_MATCH (3 * LZ_STEP)

static inline void lz_copy_short_match(uint8_t *out, uint64_t offset)
{
	const uint8_t *src;

	if (offset < LZ_STEP)
		offset = lz_widen(out, offset);
	else
		lz_copy_step(out, out - offset);
	src = out - offset;
	lz_copy_step(out + LZ_STEP, src + LZ_STEP);
	lz_copy_step(out + 2 * LZ_STEP, src + 2 * LZ_STEP);
}

/* Copies up to `end` exactly. The last step writes some bytes again. */
void lz_copy(uint8_t *out, const uint8_t *src, uint8_t *end);

/* Copies what lies `offset` before `out`, which may overlap what is written. */
void lz_copy_match(uint8_t *out, uint64_t offset, uint8_t *end);

/*
 * lz_copy_wide() does the same in fewer instructions, but writes up to LZ_WIDE
 * bytes behind `end`.
 */
#define LZ_WIDE (4 * LZ_STEP)

static inline void lz_copy_wide(uint8_t *out, const uint8_t *src,
                                const uint8_t *end)
{
	do {
		lz_copy_step(out, src);
		lz_copy_step(out + LZ_STEP, src + LZ_STEP);
		lz_copy_step(out + 2 * LZ_STEP, src + 2 * LZ_STEP);
		lz_copy_step(out + 3 * LZ_STEP, src + 3 * LZ_STEP);
		out += LZ_WIDE;
		src += LZ_WIDE;
	} while (out < end);
}

#endif
