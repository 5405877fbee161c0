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

/*
 * Makes at least 57 bits available, if the stream has so many left. No more may
 * be taken before the next call. So an overrun is at the stream's start, where
 * there is nothing to load.
 */
static inline void zstd_bits_fill(struct zstd_bits *bits)
{
	uint64_t bytes = bits->used / 8;

	if (!lz_has_room(bits->start, bits->ptr, LZ_STEP)) {
		/* A stream that begins here may have fewer than 8 to load. */
		if (bits->ptr == bits->start)
			return;
		bytes = min_u64(bytes, (uint64_t)(bits->ptr - bits->start));
	}
	bits->ptr -= bytes;
	bits->used -= (uint32_t)bytes * 8;
	bits->word = lz_load_word(bits->ptr);
}

#define ZSTD_TAKE_MAX 31

/* The lowest N bits. Without BMI2 this is faster than shifts that make them. */
extern const uint32_t zstd_low_bits[ZSTD_TAKE_MAX + 1];

/*
 * Returns the next `count` bits, up to ZSTD_TAKE_MAX. Bits behind the stream's
 * start have any value.
 */
static inline uint32_t zstd_bits_take(struct zstd_bits *bits, uint32_t count)
{
	bits->used += count;
	return (uint32_t)(bits->word >> (-bits->used & 63)) &
	       zstd_low_bits[count];
}

static inline bool zstd_bits_are_over(const struct zstd_bits *bits)
{
	return bits->ptr == bits->start && bits->used == 64;
}

/*
 * The next state is next_base plus the value of the next `next_bits` bits. What
 * a state of sequences stands for is value_base plus the value of `value_bits`
 * bits.
 */
struct zstd_fse_entry {
	uint32_t value_base; /* zstd_fse_build() leaves the symbol here */
	uint16_t next_base;
	uint8_t next_bits;
	uint8_t value_bits;
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

/*
 * Decodes `count` streams of `size` symbols each, the last of `last_size`, one
 * behind the other to `out`. Returns false if one does not end with its last
 * symbol. Their ends have been opened.
 */
bool zstd_huffman_decode(const struct zstd_huffman *huffman,
                         struct zstd_bits *streams, uint32_t count,
                         uint8_t *out, uint32_t size, uint32_t last_size);

#endif
