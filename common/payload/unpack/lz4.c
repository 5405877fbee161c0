/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/payload/unpack/lz4.c - LZ4 block decoder, see lz4.h
 *
 * Copies go in steps of 8 bytes, without SIMD registers, and so write more than
 * asked; what comes next overwrites the excess. Nearly all literals and matches
 * are short. These take a fixed number of steps: a processor copies eight bytes
 * too many in less time than it loses by a branch that it mispredicts. Close to
 * an end of a buffer all copies go byte by byte.
 */
#include "common/payload/unpack/lz4.h"

#include "common/payload/unpack/lz_copy.h"
#include "common/lib/sum64.h"
#include "common/spec/bundle.h"

#define MATCH_MIN 4
#define LONG      15 /* this length in a token goes on behind it */

/*
 * The most bytes that a short token reads and writes, in whole steps; powers of
 * two. The last token has no match, but it is not short if so many bytes are
 * left.
 */
#define SHORT_SRC_SIZE 32
#define SHORT_OUT_SIZE 64

static_assert(SHORT_SRC_SIZE >= 1 + 2 * LZ_STEP + 2, "token, literals, offset");
static_assert(SHORT_OUT_SIZE >= LONG + 3 * LZ_STEP, "literals, match");

struct lz4 {
	const uint8_t *src;
	const uint8_t *src_end;
	uint8_t *out;
	uint8_t *out_end;
	uint8_t *dest;
};

/* This is more than any buffer has, and far from where a sum would overflow. */
#define TOO_LONG (1UL << 62)

/*
 * Returns a length. One of 15 or more goes on in bytes, up to the first byte
 * below 255.
 */
static inline uint64_t read_length(struct lz4 *lz4, uint64_t length)
{
	uint8_t byte;

	if (length != LONG)
		return length;
	do {
		if (lz4->src == lz4->src_end)
			return TOO_LONG;
		byte = *lz4->src++;
		length += byte;
	} while (byte == 255);
	return length;
}

static inline bool copy_literals(struct lz4 *lz4, uint64_t length)
{
	const uint8_t *src = lz4->src;
	uint8_t *out = lz4->out;
	uint8_t *end = out + length;

	if (lz_has_room(src, lz4->src_end, length + LZ_WIDE) &&
	    lz_has_room(out, lz4->out_end, length + LZ_WIDE)) {
		lz_copy_wide(out, src, end);
	} else {
		if (!lz_has_room(src, lz4->src_end, length) ||
		    !lz_has_room(out, lz4->out_end, length))
			return false;
		lz_copy(out, src, end);
	}
	lz4->out = end;
	lz4->src += length;
	return true;
}

static inline bool copy_match(struct lz4 *lz4, uint64_t offset, uint64_t length)
{
	uint8_t *out = lz4->out;
	uint8_t *end = out + length;

	if (offset >= LZ_STEP &&
	    lz_has_room(out, lz4->out_end, length + LZ_WIDE)) {
		lz_copy_wide(out, out - offset, end);
	} else {
		if (!lz_has_room(out, lz4->out_end, length))
			return false;
		lz_copy_match(out, offset, end);
	}
	lz4->out = end;
	return true;
}

/* Decodes one token: literals, then a match unless the block ends. */
static inline bool decode_token(struct lz4 *lz4)
{
	uint64_t token = *lz4->src++;
	uint64_t offset;

	if (!copy_literals(lz4, read_length(lz4, token >> 4)))
		return false;
	if (lz4->src == lz4->src_end)
		return true;
	if (!lz_has_room(lz4->src, lz4->src_end, 2))
		return false;
	offset = load_le16(lz4->src);
	lz4->src += 2;
	if (offset == 0 || offset > (uint64_t)(lz4->out - lz4->dest))
		return false;
	return copy_match(lz4, offset,
	                  read_length(lz4, token & LONG) + MATCH_MIN);
}

/*
 * Decodes up to `count` short tokens, which nearly all are: they have few
 * literals, a short match that does not overlap itself within a step, and no
 * end near. Stops at the first token that is not short; decode_token() writes
 * again what this function has written of it.
 */
static inline void decode_short_tokens(struct lz4 *lz4, uint64_t count)
{
	const uint8_t *src = lz4->src;
	uint8_t *out = lz4->out;

	for (; count > 0; count--) {
		uint64_t token = *src;
		uint64_t literals = token >> 4;
		uint64_t length = token & LONG;
		const uint8_t *next;
		uint8_t *end = out + literals;
		const uint8_t *match;
		uint64_t offset;

		if (literals == LONG || length == LONG)
			break;
		lz_copy_step(out, src + 1);
		lz_copy_step(out + LZ_STEP, src + 1 + LZ_STEP);
		next = src + 1 + literals + 2;
		offset = load_le16(next - 2);
		if (offset < LZ_STEP || offset > (uint64_t)(end - lz4->dest))
			break;
		match = end - offset;
		lz_copy_step(end, match);
		lz_copy_step(end + LZ_STEP, match + LZ_STEP);
		lz_copy_step(end + 2 * LZ_STEP, match + 2 * LZ_STEP);
		src = next;
		out = end + length + MATCH_MIN;
	}
	lz4->src = src;
	lz4->out = out;
}

/* Returns how many short tokens stay within both buffers, whatever they are. */
static inline uint64_t count_short_tokens(const struct lz4 *lz4)
{
	return min_u64((uint64_t)(lz4->src_end - lz4->src) / SHORT_SRC_SIZE,
	               (uint64_t)(lz4->out_end - lz4->out) / SHORT_OUT_SIZE);
}

/* This function is not inlined, so that its loops have all registers. */
NOINLINE bool lz4_decode_block(void *dest, uint64_t dest_size, const void *src,
                               uint64_t src_size)
{
	struct lz4 lz4 = {
		.src = src,
		.src_end = (const uint8_t *)src + src_size,
		.out = dest,
		.out_end = (uint8_t *)dest + dest_size,
		.dest = dest,
	};

	while (lz4.src < lz4.src_end) {
		/* Short ones leave some bytes, see SHORT_SRC_SIZE. */
		decode_short_tokens(&lz4, count_short_tokens(&lz4));
		if (!decode_token(&lz4))
			return false;
	}
	return lz4.out == lz4.out_end;
}

static bool decode_block(uint8_t *dest, const uint8_t *src,
                         const struct bundle_block *block)
{
	if (!block->stored_size) {
		__builtin_memset(dest, 0, block->size);
		return true;
	}
	if (block->stored_size == block->size) {
		__builtin_memcpy(dest, src, block->size);
		return true;
	}
	return lz4_decode_block(dest, block->size, src, block->stored_size);
}

bool lz4_decode_section(void *dest, uint64_t dest_size, const void *src,
                        uint64_t src_size, uint64_t *sum)
{
	const uint8_t *in = src;
	uint8_t *out = dest;

	while (src_size >= sizeof(struct bundle_block)) {
		const struct bundle_block block = {
			.stored_size = load_le32(in),
			.size = load_le32(in + 4),
		};
		uint64_t step = sizeof(block) + align_up(block.stored_size, 8);

		if (step > src_size || block.size > dest_size)
			return false;
		*sum = sum64(*sum, in, step);
		if (!decode_block(out, in + sizeof(block), &block))
			return false;
		in += step;
		src_size -= step;
		out += block.size;
		dest_size -= block.size;
	}
	return src_size == 0 && dest_size == 0;
}
