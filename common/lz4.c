/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/lz4.c - LZ4 block decoder; see lz4.h
 *
 * All copies are in steps of 8 bytes, and so write up to 7 bytes more than
 * asked; where these would not fit any more, byte by byte.
 */
#include "common/lz4.h"

#include "common/sum64.h"
#include "payload/bundle_format.h"

#define STEP      8
#define MATCH_MIN 4

struct lz4 {
	const uint8_t *src;
	const uint8_t *src_end;
	uint8_t *out;
	uint8_t *out_end;
	uint8_t *dest;
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

/* A length of 15 or more goes on in bytes, up to the first below 255. */
static inline uint64_t read_length(struct lz4 *lz4, uint64_t length)
{
	uint8_t byte;

	if (length != 15)
		return length;
	do {
		if (lz4->src == lz4->src_end)
			return UINT64_MAX - MATCH_MIN;
		byte = *lz4->src++;
		length += byte;
	} while (byte == 255);
	return length;
}

/* A last step of `copy_words` must fit behind `length` bytes. */
static inline bool has_slack(const uint8_t *from, const uint8_t *end,
                             uint64_t length)
{
	return (uint64_t)(end - from) >= length + STEP - 1;
}

static inline bool copy_literals(struct lz4 *lz4, uint64_t length)
{
	const uint8_t *src = lz4->src;
	uint8_t *out = lz4->out;
	uint8_t *end = out + length;

	if (length > (uint64_t)(lz4->src_end - src) ||
	    length > (uint64_t)(lz4->out_end - out))
		return false;
	lz4->src += length;
	lz4->out += length;
	if (has_slack(src, lz4->src_end, length) &&
	    has_slack(out, lz4->out_end, length)) {
		for (; out < end; out += STEP, src += STEP)
			store_word(out, load_word(src));
	} else {
		while (out < end)
			*out++ = *src++;
	}
	return true;
}

static inline bool copy_match(struct lz4 *lz4, uint64_t offset, uint64_t length)
{
	uint8_t *out = lz4->out;
	uint8_t *end = out + length;

	if (offset == 0 || offset > (uint64_t)(out - lz4->dest) ||
	    length > (uint64_t)(lz4->out_end - out))
		return false;
	lz4->out = end;
	if (!has_slack(out, lz4->out_end, length)) {
		for (; out < end; out++)
			*out = out[-offset];
		return true;
	}
	if (offset < STEP) {
		/* Repeat the pattern until it is a step or more long. */
		const uint8_t *from = out - offset;
		uint64_t period = offset;

		for (; period < STEP; period += offset)
			for (uint64_t i = 0; i < offset; i++)
				*out++ = *from++;
		offset = period;
	}
	if (offset == STEP) {
		/* Runs of one byte, above all: no need to load again. */
		uint64_t word = load_word(out - STEP);

		for (; out < end; out += STEP)
			store_word(out, word);
		return true;
	}
	for (; out < end; out += STEP)
		store_word(out, load_word(out - offset));
	return true;
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

	while (lz4.src < lz4.src_end) {
		uint8_t token = *lz4.src++;
		uint64_t offset;

		if (!copy_literals(&lz4, read_length(&lz4, token >> 4)))
			return false;
		if (lz4.src == lz4.src_end) /* the last has no match */
			return lz4.out == lz4.out_end;
		if (lz4.src_end - lz4.src < 2)
			return false;
		offset = load_le16(lz4.src);
		lz4.src += 2;
		if (!copy_match(&lz4, offset,
		                read_length(&lz4, token & 15) + MATCH_MIN))
			return false;
	}
	return false;
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
