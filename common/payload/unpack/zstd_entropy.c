/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/payload/unpack/zstd_entropy.c - zstd's Huffman and FSE codes
 *
 * RFC 8878, section 4.
 */
#include "common/payload/unpack/zstd_entropy.h"

#define WEIGHT_BITS_MAX  6 /* for the FSE table of weights */
#define WEIGHT_MAX       12
#define FSE_SYMBOL_MAX   53
#define SYMBOLS_PER_FILL 5 /* each of at most 11 bits, out of 56 */

const uint32_t zstd_low_bits[] = {
	0x0,        0x1,        0x3,       0x7,       0xf,       0x1f,
	0x3f,       0x7f,       0xff,      0x1ff,     0x3ff,     0x7ff,
	0xfff,      0x1fff,     0x3fff,    0x7fff,    0xffff,    0x1ffff,
	0x3ffff,    0x7ffff,    0xfffff,   0x1fffff,  0x3fffff,  0x7fffff,
	0xffffff,   0x1ffffff,  0x3ffffff, 0x7ffffff, 0xfffffff, 0x1fffffff,
	0x3fffffff, 0x7fffffff,
};

/* Returns the position of the highest bit that is set. `value` is not 0. */
static uint32_t highest_bit(uint32_t value)
{
	return 31 - (uint32_t)__builtin_clz(value);
}

bool zstd_bits_open(struct zstd_bits *bits, const uint8_t *start, uint64_t size)
{
	uint64_t word = 0;

	if (size == 0 || start[size - 1] == 0)
		return false;
	bits->start = start;
	bits->ptr = start;
	if (size >= 8) {
		bits->ptr = start + size - 8;
		word = lz_load_word(bits->ptr);
		bits->used = 0;
	} else {
		for (uint64_t i = size; i > 0; i--)
			word = word << 8 | start[i - 1];
		bits->used = (uint32_t)(8 - size) * 8;
	}
	bits->word = word;
	bits->used += 8 - highest_bit(start[size - 1]);
	return true;
}

/* Section 4.1.1: sets which symbol each state stands for. */
static bool spread(struct zstd_fse *fse, const int16_t *counts,
                   uint32_t symbol_count)
{
	uint32_t size = 1U << fse->bit_count;
	uint32_t step = (size >> 1) + (size >> 3) + 3;
	uint32_t rare_start = size;
	uint32_t at = 0;

	for (uint32_t s = 0; s < symbol_count; s++)
		if (counts[s] < 0)
			fse->entries[--rare_start].value_base = s;
	for (uint32_t s = 0; s < symbol_count; s++) {
		for (int i = 0; i < counts[s]; i++) {
			fse->entries[at].value_base = s;
			do
				at = (at + step) & (size - 1);
			while (at >= rare_start);
		}
	}
	return at == 0;
}

bool zstd_fse_build(struct zstd_fse *fse, const int16_t *counts,
                    uint32_t symbol_count, uint32_t bit_count)
{
	uint32_t size = 1U << bit_count;
	uint16_t next[FSE_SYMBOL_MAX];

	fse->bit_count = bit_count;
	if (!spread(fse, counts, symbol_count))
		return false;
	for (uint32_t s = 0; s < symbol_count; s++)
		next[s] = counts[s] < 0 ? 1 : (uint16_t)counts[s];
	for (uint32_t i = 0; i < size; i++) {
		struct zstd_fse_entry *entry = &fse->entries[i];
		uint32_t state = next[entry->value_base]++;
		uint32_t next_bits = bit_count - highest_bit(state);

		entry->next_bits = (uint8_t)next_bits;
		entry->next_base = (uint16_t)((state << next_bits) - size);
	}
	return true;
}

void zstd_fse_build_single(struct zstd_fse *fse, uint8_t symbol)
{
	fse->bit_count = 0;
	fse->entries[0] = (struct zstd_fse_entry){ .value_base = symbol };
}

/*
 * Returns 32 bits, from bit `at` of the front on; there are zeros behind the
 * end.
 */
static uint32_t peek_forward(const struct zstd_input *input, uint64_t at)
{
	uint64_t word = 0;

	for (uint32_t i = 0; i < 5; i++)
		if (zstd_has(input, at / 8 + i + 1))
			word |= (uint64_t)input->data[at / 8 + i] << 8 * i;
	return (uint32_t)(word >> at % 8);
}

bool zstd_fse_read(struct zstd_fse *fse, struct zstd_input *input,
                   uint32_t symbol_count, uint32_t bit_count_max)
{
	int16_t counts[FSE_SYMBOL_MAX];
	uint32_t bit_count = (peek_forward(input, 0) & 15) + 5;
	uint32_t left = 1U << bit_count;
	uint32_t symbol = 0;
	uint64_t at = 4;

	if (bit_count > bit_count_max)
		return false;
	while (left > 0) {
		/* At most left + 1; lower values take one bit less. */
		uint32_t bits = highest_bit(left + 1) + 1;
		uint32_t low_count = (1U << bits) - 2 - left;
		uint32_t value = peek_forward(input, at);
		uint32_t low = value & ((1U << (bits - 1)) - 1);

		if (symbol == symbol_count)
			return false;
		if (low < low_count) {
			value = low;
			at += bits - 1;
		} else {
			value &= (1U << bits) - 1;
			if (value >= 1U << (bits - 1))
				value -= low_count;
			at += bits;
		}
		counts[symbol++] = (int16_t)(value - 1);
		left -= value > 0 ? value - 1 : 1;
		if (value != 1)
			continue;
		for (uint32_t repeat = 3; repeat == 3; at += 2) {
			repeat = peek_forward(input, at) & 3;
			for (uint32_t i = 0; i < repeat; i++) {
				if (symbol == symbol_count)
					return false;
				counts[symbol++] = 0;
			}
		}
	}
	if (!zstd_has(input, (at + 7) / 8))
		return false;
	input->data += (at + 7) / 8;
	return zstd_fse_build(fse, counts, symbol, bit_count);
}

/* Section 4.2.1.2: two states take turns until the bits run out. */
static uint32_t read_packed_weights(uint8_t *weights, struct zstd_fse *fse,
                                    struct zstd_input *input)
{
	const struct zstd_fse_entry *entry;
	struct zstd_bits bits;
	uint32_t states[2];
	uint32_t count = 0;

	if (!zstd_fse_read(fse, input, WEIGHT_MAX + 1, WEIGHT_BITS_MAX) ||
	    !zstd_bits_open(&bits, input->data,
	                    (uint64_t)(input->end - input->data)))
		return 0;
	states[0] = zstd_bits_take(&bits, fse->bit_count);
	states[1] = zstd_bits_take(&bits, fse->bit_count);
	while (bits.used <= 64) {
		if (count == ZSTD_SYMBOL_MAX)
			return 0;
		zstd_bits_fill(&bits);
		entry = &fse->entries[states[count % 2]];
		weights[count] = (uint8_t)entry->value_base;
		states[count % 2] = entry->next_base +
		                    zstd_bits_take(&bits, entry->next_bits);
		count++;
	}
	/* The other state has the last symbol. */
	if (count == ZSTD_SYMBOL_MAX)
		return 0;
	weights[count] = (uint8_t)fse->entries[states[count % 2]].value_base;
	return count + 1;
}

static uint32_t read_weights(uint8_t *weights, struct zstd_fse *fse,
                             struct zstd_input *input)
{
	struct zstd_input part;
	uint32_t header, size, count;

	if (!zstd_has(input, 1))
		return 0;
	header = *input->data++;
	count = header - 127;
	size = header < 128 ? header : (count + 1) / 2;
	if (!zstd_has(input, size))
		return 0;
	part = (struct zstd_input){ input->data, input->data + size };
	input->data += size;
	if (header < 128)
		return read_packed_weights(weights, fse, &part);
	for (uint32_t i = 0; i < count; i++)
		weights[i] = part.data[i / 2] >> (i % 2 ? 0 : 4) & 15;
	return count;
}

/*
 * Fills the table. A symbol of weight w has 1 << (w - 1) entries, and lower
 * weights come first. Some symbol must have the longest code, since libzstd
 * refuses all else.
 */
static bool fill(struct zstd_huffman *huffman, const uint8_t *weights,
                 uint32_t count)
{
	uint32_t at = 0;

	for (uint32_t weight = 1; weight <= huffman->bit_count; weight++) {
		for (uint32_t s = 0; s < count; s++) {
			if (weights[s] != weight)
				continue;
			for (uint32_t i = 0; i < 1U << (weight - 1);
			     i++, at++) {
				huffman->entries[at].symbol = (uint8_t)s;
				huffman->entries[at].bit_count =
					(uint8_t)(huffman->bit_count + 1 -
				                  weight);
			}
		}
	}
	return at == 1U << huffman->bit_count &&
	       huffman->entries[0].bit_count == huffman->bit_count;
}

bool zstd_huffman_read(struct zstd_huffman *huffman, struct zstd_fse *fse,
                       struct zstd_input *input)
{
	uint8_t weights[ZSTD_SYMBOL_MAX + 1];
	uint32_t count = read_weights(weights, fse, input);
	uint32_t sum = 0, rest;

	huffman->bit_count = 0;
	for (uint32_t i = 0; i < count; i++)
		sum += weights[i] ? 1U << (weights[i] - 1) : 0;
	/* One weight that is too large makes the sum so, too. */
	if (sum == 0 || sum >= 1U << ZSTD_HUFFMAN_BITS_MAX)
		return false;
	/* Section 4.2.1: the last weight makes the sum a power of two. */
	huffman->bit_count = highest_bit(sum) + 1;
	rest = (1U << huffman->bit_count) - sum;
	if ((rest & (rest - 1)) != 0)
		return false;
	weights[count] = (uint8_t)(highest_bit(rest) + 1);
	return fill(huffman, weights, count + 1);
}

/* Decodes `count` symbols, up to SYMBOLS_PER_FILL. */
static inline void decode_symbols(const struct zstd_huffman *huffman,
                                  struct zstd_bits *stream, uint8_t *out,
                                  uint32_t count)
{
	uint32_t shift = 64 - huffman->bit_count;
	struct zstd_bits bits = *stream;
	uint64_t word;

	zstd_bits_fill(&bits);
	word = bits.word << (bits.used & 63);
	for (uint32_t i = 0; i < count; i++) {
		uint32_t index = (uint32_t)(word >> (shift & 63));

		out[i] = huffman->entries[index].symbol;
		bits.used += huffman->entries[index].bit_count;
		word <<= huffman->entries[index].bit_count;
	}
	*stream = bits;
}

bool zstd_huffman_decode(const struct zstd_huffman *huffman,
                         struct zstd_bits *streams, uint32_t count,
                         uint8_t *out, uint32_t size, uint32_t last_size)
{
	uint32_t at = 0;

	/*
	 * The streams take turns. They do not depend on each other, so that a
	 * processor decodes them at the same time.
	 */
	for (; last_size - at >= SYMBOLS_PER_FILL; at += SYMBOLS_PER_FILL)
		for (uint32_t i = 0; i < count; i++)
			decode_symbols(huffman, &streams[i],
			               out + i * size + at, SYMBOLS_PER_FILL);
	for (uint32_t i = 0; i < count; i++) {
		uint32_t end = i < count - 1 ? size : last_size;

		for (uint32_t j = at; j < end; j++)
			decode_symbols(huffman, &streams[i], out + i * size + j,
			               1);
		zstd_bits_fill(&streams[i]);
		if (!zstd_bits_are_over(&streams[i]))
			return false;
	}
	return true;
}
