/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/payload/unpack/zstd_entropy.h - zstd's entropy codes, Huffman and FSE
 *
 * RFC 8878, section 4. Both codes are read backward, from the last bit of a
 * stream to its first.
 */
#ifndef COMMON_PAYLOAD_UNPACK_ZSTD_ENTROPY_H
#define COMMON_PAYLOAD_UNPACK_ZSTD_ENTROPY_H

#include "common/payload/unpack/lz_copy.h"

#define ZSTD_HUFFMAN_BITS_MAX 11
#define ZSTD_FSE_BITS_MAX     9
#define ZSTD_SYMBOL_MAX       255 /* for Huffman; FSE has fewer */

/* A piece of the input, taken from its front. */
struct zstd_input {
	const uint8_t *data;
	const uint8_t *end;
};

static inline bool zstd_has(const struct zstd_input *input, uint64_t size)
{
	return lz_has_room(input->data, input->end, size);
}

/* A stream that is read backward; `word` is its 8 bytes from `ptr` on. */
struct zstd_bits {
	const uint8_t *start;
	const uint8_t *ptr;
	uint64_t word;
	uint32_t used; /* from the top of the word; more than 64: overrun */
};

/*
 * Starts to read a stream from its end. Returns false if its last byte lacks
 * the bit that marks the end.
 */
bool zstd_bits_open(struct zstd_bits *bits, const uint8_t *start,
                    uint64_t size);

/* Makes at least 56 bits available, if the stream has so many left. */
static inline void zstd_bits_fill(struct zstd_bits *bits)
{
	uint32_t bytes = bits->used / 8;

	if (bits->used > 64)
		return;
	if (!lz_has_room(bits->start, bits->ptr, bytes))
		bytes = (uint32_t)(bits->ptr - bits->start);
	if (bytes == 0) /* there may be fewer than 8 to load */
		return;
	bits->ptr -= bytes;
	bits->used -= bytes * 8;
	bits->word = lz_load_word(bits->ptr);
}

/*
 * Returns the next `count` bits, up to 56. Bits behind the stream's start have
 * any value.
 */
static inline uint64_t zstd_bits_peek(const struct zstd_bits *bits,
                                      uint32_t count)
{
	return bits->word << (bits->used & 63) >> 1 >> (63 - count);
}

static inline uint64_t zstd_bits_take(struct zstd_bits *bits, uint32_t count)
{
	uint64_t value = zstd_bits_peek(bits, count);

	bits->used += count;
	return value;
}

static inline bool zstd_bits_are_over(const struct zstd_bits *bits)
{
	return bits->ptr == bits->start && bits->used == 64;
}

/* The next state is base plus the value of the next `bit_count` bits. */
struct zstd_fse_entry {
	uint16_t base;
	uint8_t bit_count;
	uint8_t symbol;
};

struct zstd_fse {
	uint32_t bit_count; /* of a state; the table has 1 << this entries */
	struct zstd_fse_entry entries[1 << ZSTD_FSE_BITS_MAX];
};

/*
 * Builds a table. `counts` has the count of each symbol, or -1 if the symbol is
 * rare. Together they make 1 << bit_count states.
 */
bool zstd_fse_build(struct zstd_fse *fse, const int16_t *counts,
                    uint32_t symbol_count, uint32_t bit_count);

/* Builds a table of one symbol only, which takes no bits. */
void zstd_fse_build_single(struct zstd_fse *fse, uint8_t symbol);

/* Reads the description of a table from the input. */
bool zstd_fse_read(struct zstd_fse *fse, struct zstd_input *input,
                   uint32_t symbol_count, uint32_t bit_count_max);

struct zstd_huffman {
	uint32_t bit_count; /* 0: there is no table yet */
	struct {
		uint8_t symbol;
		uint8_t bit_count;
	} entries[1 << ZSTD_HUFFMAN_BITS_MAX];
};

/* Reads the description of a tree. `fse` is scratch. */
bool zstd_huffman_read(struct zstd_huffman *huffman, struct zstd_fse *fse,
                       struct zstd_input *input);

/* Decodes all of a stream to exactly [out, end). */
bool zstd_huffman_decode(const struct zstd_huffman *huffman, uint8_t *out,
                         const uint8_t *end, const uint8_t *stream,
                         uint64_t stream_size);

#endif
