/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/lz4.c - LZ4 block decoder; see lz4.h
 *
 * Copies are in steps of 8 bytes, without SIMD registers, and so write more
 * than asked: whatever comes next overwrites it. Nearly all literals and
 * matches are short; those take a fixed number of steps, since a loop's end
 * would be mispredicted nearly each time. Close to an end of the buffers all
 * copies are byte by byte.
 */
#include "common/lz4.h"

#include "common/sum64.h"
#include "payload/bundle_format.h"

#define STEP      8
#define MATCH_MIN 4
#define LONG      15 /* a length in a token that goes on behind it */

/* The most that a short token reads and writes, in whole steps. */
#define SHORT_SRC_SIZE (1 + LONG + 2)
#define SHORT_OUT_SIZE (LONG + 3 * STEP)

struct lz4 {
	const uint8_t *src;
	const uint8_t *src_end;
	uint8_t *out;
	uint8_t *out_end;
	uint8_t *dest;
	const uint8_t *src_safe; /* below, there is room for a short token */
	uint8_t *out_safe;
};

static inline uint64_t load_word(const uint8_t *ptr)
{
	uint64_t word;

	__builtin_memcpy(&word, ptr, STEP);
	return word;
}

static inline void store_word(uint8_t *ptr, uint64_t word)
{
	__builtin_memcpy(ptr, &word, STEP);
}

/* Source and destination are a step or more apart. */
static inline void copy_step(uint8_t *out, const uint8_t *src)
{
	store_word(out, load_word(src));
}

/* `size` more bytes may be read or written from `from` on. */
static inline bool has_room(const uint8_t *from, const uint8_t *end,
                            uint64_t size)
{
	return (uint64_t)(end - from) >= size;
}

/* A length of 15 or more goes on in bytes, up to the first below 255. */
static inline uint64_t read_length(struct lz4 *lz4, uint64_t length)
{
	uint8_t byte;

	if (length != LONG)
		return length;
	do {
		if (lz4->src == lz4->src_end)
			return UINT64_MAX - MATCH_MIN;
		byte = *lz4->src++;
		length += byte;
	} while (byte == 255);
	return length;
}

/* Up to `end`, and no byte more. */
static inline void copy_exactly(uint8_t *out, const uint8_t *src,
                                const uint8_t *end)
{
	for (; has_room(out, end, STEP); out += STEP, src += STEP)
		copy_step(out, src);
	while (out < end)
		*out++ = *src++;
}

static inline bool copy_literals(struct lz4 *lz4, uint64_t length)
{
	uint8_t *out = lz4->out;

	if (!has_room(lz4->src, lz4->src_end, length) ||
	    !has_room(out, lz4->out_end, length))
		return false;
	lz4->out += length;
	copy_exactly(out, lz4->src, lz4->out);
	lz4->src += length;
	return true;
}

/*
 * Goes on with the step that lies before `out`; returns where it stopped. For
 * runs of one byte above all, which need no loads.
 */
static inline uint8_t *repeat_step(uint8_t *out, const uint8_t *end)
{
	uint64_t word;

	if (!has_room(out, end, 4 * STEP))
		return out;
	word = load_word(out - STEP);
	for (; has_room(out, end, 4 * STEP); out += 4 * STEP) {
		store_word(out, word);
		store_word(out + STEP, word);
		store_word(out + 2 * STEP, word);
		store_word(out + 3 * STEP, word);
	}
	return out;
}

static inline bool copy_match(struct lz4 *lz4, uint64_t offset, uint64_t length)
{
	uint8_t *out = lz4->out;
	uint8_t *end = out + length;
	uint64_t period = offset;

	if (!has_room(out, lz4->out_end, length))
		return false;
	lz4->out = end;

	/* What overlaps within a step is repeated until it does not. */
	while (period < STEP)
		period += offset;
	for (uint64_t i = offset; i < period && out < end; i++, out++)
		*out = *(out - offset);
	if (period == STEP)
		out = repeat_step(out, end);
	copy_exactly(out, out - period, end);
	return true;
}

/* One token: literals, then a match unless the block ends. */
static inline bool decode_token(struct lz4 *lz4)
{
	uint8_t token = *lz4->src++;
	uint64_t offset;

	if (!copy_literals(lz4, read_length(lz4, token >> 4)))
		return false;
	if (lz4->src == lz4->src_end)
		return true;
	if (!has_room(lz4->src, lz4->src_end, 2))
		return false;
	offset = load_le16(lz4->src);
	lz4->src += 2;
	if (offset == 0 || offset > (uint64_t)(lz4->out - lz4->dest))
		return false;
	return copy_match(lz4, offset,
	                  read_length(lz4, token & LONG) + MATCH_MIN);
}

/*
 * Nearly all tokens: few literals, a short match that does not overlap itself
 * within a step, and no end near. Stops at the first that is not so.
 */
static inline void decode_short_tokens(struct lz4 *lz4)
{
	const uint8_t *src = lz4->src;
	uint8_t *out = lz4->out;

	while (src < lz4->src_safe && out < lz4->out_safe) {
		uint64_t token = *src;
		uint64_t literals = token >> 4;
		uint64_t length = token & LONG;
		uint8_t *end = out + literals;
		uint64_t offset = load_le16(src + 1 + literals);

		if (token >= LONG << 4 || length == LONG || offset < STEP ||
		    offset > (uint64_t)(end - lz4->dest))
			break;
		copy_step(out, src + 1);
		if (literals > STEP)
			copy_step(out + STEP, src + 1 + STEP);
		src += 1 + literals + 2;
		copy_step(end, end - offset);
		out = end + length + MATCH_MIN;
		if (length > STEP - MATCH_MIN) {
			copy_step(end + STEP, end + STEP - offset);
			copy_step(end + 2 * STEP, end + 2 * STEP - offset);
		}
	}
	lz4->src = src;
	lz4->out = out;
}

bool lz4_decode_block(void *dest, uint64_t dest_size, const void *src,
                      uint64_t src_size)
{
	struct lz4 lz4 = {
		.src = src,
		.src_end = (const uint8_t *)src + src_size,
		.out = dest,
		.out_end = (uint8_t *)dest + dest_size,
		.dest = dest,
	};

	lz4.src_safe = lz4.src;
	lz4.out_safe = lz4.out;
	if (src_size >= SHORT_SRC_SIZE && dest_size >= SHORT_OUT_SIZE) {
		lz4.src_safe = lz4.src_end - SHORT_SRC_SIZE + 1;
		lz4.out_safe = lz4.out_end - SHORT_OUT_SIZE + 1;
	}
	while (lz4.src < lz4.src_end) {
		decode_short_tokens(&lz4);
		if (!decode_token(&lz4))
			return false;
	}
	return lz4.out == lz4.out_end;
}

static bool decode_block(uint8_t *dest, const uint8_t *src,
                         const struct bundle_block *block)
{
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
