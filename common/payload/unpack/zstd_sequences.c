/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/payload/unpack/zstd_sequences.c - the sequences of a zstd block
 *
 * RFC 8878, section 3.1.1.3.2.
 */
#include "common/payload/unpack/zstd_sequences.h"

#define MATCH_MIN        3
#define SYMBOL_COUNT_MAX 53

/*
 * One of the three codes. Symbols stand for values in order, each for as many
 * as its extra bits can tell apart.
 */
struct code {
	uint8_t symbol_count;
	uint8_t bits_max;
	uint8_t value_min;
	uint8_t default_count;
	uint8_t default_bits;
	uint8_t plain_count; /* of symbols without extra bits, the first */
	uint8_t extra_at;    /* in extra_bits[], those of the next symbol */
	uint8_t default_at;  /* in default_counts[] */
};

#define MATCH_EXTRA_AT    20
#define OFFSET_EXTRA_AT   41
#define MATCH_DEFAULT_AT  36
#define OFFSET_DEFAULT_AT 89

/* Section 3.1.1.3.2.1.1: of literals, matches, offsets */
static const uint8_t extra_bits[] = {
	1,  1,  1,  1,  2,  2,  3,  3,  4,  6,  7,  8,  9,  10, 11, 12,
	13, 14, 15, 16,

	1,  1,  1,  1,  2,  2,  3,  3,  4,  4,  5,  7,  8,  9,  10, 11,
	12, 13, 14, 15, 16,

	0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15,
	16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31,
};

/* Section 3.1.1.3.2.2: of literals, matches, offsets */
static const int8_t default_counts[] = {
	4, 3, 2, 2, 2, 2, 2,  2,  2,  2,  2,  2,  2,  1,  1,  1,  2,  2,
	2, 2, 2, 2, 2, 2, 2,  3,  2,  1,  1,  1,  1,  1,  -1, -1, -1, -1,

	1, 4, 3, 2, 2, 2, 2,  2,  2,  1,  1,  1,  1,  1,  1,  1,  1,  1,
	1, 1, 1, 1, 1, 1, 1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,  1,
	1, 1, 1, 1, 1, 1, 1,  1,  1,  1,  -1, -1, -1, -1, -1, -1, -1,

	1, 1, 1, 1, 1, 1, 2,  2,  2,  1,  1,  1,  1,  1,  1,  1,  1,  1,
	1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1,
};

static const struct code codes[ZSTD_CODE_COUNT] = {
	[ZSTD_LITERALS] = {
		.symbol_count = 36,
		.bits_max = 9,
		.default_count = 36,
		.default_bits = 6,
		.plain_count = 16,
	},
	[ZSTD_OFFSET] = {
		.symbol_count = 32,
		.bits_max = 8,
		.value_min = 1,
		.default_count = 29,
		.default_bits = 5,
		.extra_at = OFFSET_EXTRA_AT,
		.default_at = OFFSET_DEFAULT_AT,
	},
	[ZSTD_MATCH] = {
		.symbol_count = 53,
		.bits_max = 9,
		.value_min = MATCH_MIN,
		.default_count = 53,
		.default_bits = 6,
		.plain_count = 32,
		.extra_at = MATCH_EXTRA_AT,
		.default_at = MATCH_DEFAULT_AT,
	},
};

static_assert(ARRAY_COUNT(extra_bits) == OFFSET_EXTRA_AT + 32, "codes");
static_assert(ARRAY_COUNT(default_counts) == OFFSET_DEFAULT_AT + 29, "codes");

/* Replaces the symbols of a table by the values that they stand for. */
static void set_values(struct zstd_fse *fse, const struct code *code)
{
	struct {
		uint32_t base;
		uint8_t bits;
	} values[SYMBOL_COUNT_MAX];
	uint32_t base = code->value_min, count = 0;

	do {
		values[count].base = base;
		values[count].bits = 0;
		if (count >= code->plain_count)
			values[count].bits = extra_bits[code->extra_at + count -
			                                code->plain_count];
		base += 1U << values[count].bits;
	} while (++count < code->symbol_count);
	for (uint32_t i = 0; i < 1U << fse->bit_count; i++) {
		struct zstd_fse_entry *entry = &fse->entries[i];
		uint32_t symbol = entry->value_base;

		entry->value_base = values[symbol].base;
		entry->value_bits = values[symbol].bits;
	}
}

static bool build_default(struct zstd_fse *fse, const struct code *code)
{
	int16_t counts[SYMBOL_COUNT_MAX];

	for (uint32_t i = 0; i < code->default_count; i++)
		counts[i] = default_counts[code->default_at + i];
	return zstd_fse_build(fse, counts, code->default_count,
	                      code->default_bits);
}

/* Section 3.1.1.3.2.1: makes the table that the mode asks for. */
static bool read_table(struct zstd_fse *fse, uint32_t mode,
                       const struct code *code, struct zstd_input *block)
{
	bool is_good = true;

	switch (mode) {
	case 0:
		is_good = build_default(fse, code);
		break;
	case 1:
		if (!zstd_has(block, 1) || *block->data >= code->symbol_count)
			return false;
		zstd_fse_build_single(fse, *block->data++);
		break;
	default:
		is_good = zstd_fse_read(fse, block, code->symbol_count,
		                        code->bits_max);
	}
	if (is_good)
		set_values(fse, code);
	return is_good;
}

static bool read_tables(struct zstd *zstd, struct zstd_input *block)
{
	uint32_t modes;

	if (!zstd_has(block, 1))
		return false;
	modes = *block->data++;
	if ((modes & 3) != 0)
		return false;
	for (uint32_t i = 0; i < ZSTD_CODE_COUNT; i++) {
		uint32_t mode = modes >> (6 - 2 * i) & 3;

		/* In the last mode the table stays as it is. */
		if (mode == 3 ? !zstd->has_tables
		              : !read_table(&zstd->tables[i], mode, &codes[i],
		                            block))
			return false;
	}
	zstd->has_tables = true;
	return true;
}

/*
 * Offset and match take up to 31 + 16 bits of the 57 that are available; then
 * the literals take 16, and the next states 26. So if all values take no more
 * than this, they and the states are there at once.
 */
#define VALUE_BITS_SHORT (57 - 26)

/* Literals, and then a match. */
struct sequence {
	uint32_t literals;
	uint32_t match;
	uint32_t offset;
};

/*
 * So many sequences are decoded, and checked, before their bytes are copied.
 * Every fourth match of a kernel lies too far back for the nearest cache, and
 * the processor fetches it while the next sequences are decoded.
 */
#define BATCH_SIZE 32

/*
 * What decoding changes with each sequence. It is a copy, which the compiler
 * can keep in registers.
 */
struct sequences {
	struct zstd_bits bits;
	const struct zstd_fse_entry *literal;
	const struct zstd_fse_entry *offset;
	const struct zstd_fse_entry *match;
	uint64_t literals_left;
	const uint8_t *out; /* where the next sequence goes */
};

/*
 * Section 3.1.1.5: the last three offsets have short names. Which one comes
 * next cannot be predicted, so this looks them up instead of branching.
 */
static inline uint64_t find_offset(uint64_t *offsets, uint64_t value,
                                   bool has_literals)
{
	uint64_t index = min_u64(value - has_literals, 3);
	uint64_t offset;

	offsets[3] = value == 3 ? offsets[0] - 1 : value - 3;
	offset = offsets[index];
	offsets[2] = offsets[1 + (index < 2)];
	offsets[1] = offsets[index < 1];
	offsets[0] = offset;
	return offset;
}

/* Copies what sequences, which have been checked, consist of. */
static NOINLINE void run_batch(struct zstd *zstd,
                               const struct sequence *sequence, uint32_t count)
{
	const uint8_t *src = zstd->literals, *src_end = zstd->literals_end;
	uint8_t *out = zstd->out, *out_end = zstd->out_end;

	for (; count > 0; count--, sequence++) {
		uint8_t *end = out + sequence->literals;

		if (sequence->literals <= 2 * LZ_STEP &&
		    sequence->match <= LZ_SHORT_MATCH &&
		    lz_has_room(src, src_end, 2 * LZ_STEP) &&
		    lz_has_room(out, out_end, 2 * LZ_STEP + LZ_SHORT_MATCH)) {
			/* What comes next overwrites the excess. */
			lz_copy_step(out, src);
			lz_copy_step(out + LZ_STEP, src + LZ_STEP);
			lz_copy_short_match(end, sequence->offset);
		} else {
			lz_copy(out, src, end);
			lz_copy_match(end, sequence->offset,
			              end + sequence->match);
		}
		src += sequence->literals;
		out = end + sequence->match;
	}
	zstd->literals = src;
	zstd->out = out;
}

static inline uint32_t take_value(struct zstd_bits *bits,
                                  const struct zstd_fse_entry *state)
{
	return state->value_base + zstd_bits_take(bits, state->value_bits);
}

/*
 * Section 3.1.1.3.2.1.2: decodes the sequence that the present states stand
 * for. Returns false if it goes beyond a buffer.
 */
static inline bool decode_sequence(const struct zstd *zstd,
                                   struct sequences *from, uint64_t *offsets,
                                   struct sequence *sequence)
{
	uint32_t value_bits = from->offset->value_bits +
	                      from->match->value_bits +
	                      from->literal->value_bits;
	uint64_t literals, offset, match;
	const uint8_t *end;

	zstd_bits_fill(&from->bits);
	offset = take_value(&from->bits, from->offset);
	match = take_value(&from->bits, from->match);
	if (value_bits > VALUE_BITS_SHORT)
		zstd_bits_fill(&from->bits);
	literals = take_value(&from->bits, from->literal);
	offset = find_offset(offsets, offset, literals > 0);
	if (from->bits.used > 64 || literals > from->literals_left ||
	    !lz_has_room(from->out, zstd->out_end, literals + match))
		return false;
	end = from->out + literals;
	if (offset == 0 || offset > (uint64_t)(end - zstd->dest))
		return false;
	__builtin_prefetch(end - offset);
	from->literals_left -= literals;
	from->out = end + match;
	sequence->literals = (uint32_t)literals;
	sequence->match = (uint32_t)match;
	sequence->offset = (uint32_t)offset;
	return true;
}

static inline const struct zstd_fse_entry *next_state(
	struct zstd_bits *bits, const struct zstd_fse *fse,
	const struct zstd_fse_entry *state)
{
	return &fse->entries[state->next_base +
	                     zstd_bits_take(bits, state->next_bits)];
}

static inline const struct zstd_fse_entry *first_state(
	struct zstd_bits *bits, const struct zstd_fse *fse)
{
	return &fse->entries[zstd_bits_take(bits, fse->bit_count)];
}

/* Runs the sequences of a stream that has been opened. */
static NOINLINE bool run_stream(struct zstd *zstd, const struct zstd_bits *bits,
                                uint32_t count)
{
	const struct zstd_fse *fse = zstd->tables;
	struct sequence batch[BATCH_SIZE];
	uint64_t offsets[4]; /* the last is for the offset that follows */
	struct sequences from = {
		.bits = *bits,
		.literals_left =
			(uint64_t)(zstd->literals_end - zstd->literals),
		.out = zstd->out,
	};

	__builtin_memcpy(offsets, zstd->offsets, sizeof(zstd->offsets));
	from.literal = first_state(&from.bits, &fse[ZSTD_LITERALS]);
	from.offset = first_state(&from.bits, &fse[ZSTD_OFFSET]);
	from.match = first_state(&from.bits, &fse[ZSTD_MATCH]);
	while (count > 0) {
		uint32_t size = (uint32_t)min_u64(count, BATCH_SIZE);

		for (uint32_t i = 0; i < size; i++) {
			if (!decode_sequence(zstd, &from, offsets, &batch[i]))
				return false;
			if (--count == 0)
				break;
			from.literal = next_state(
				&from.bits, &fse[ZSTD_LITERALS], from.literal);
			from.match = next_state(&from.bits, &fse[ZSTD_MATCH],
			                        from.match);
			from.offset = next_state(&from.bits, &fse[ZSTD_OFFSET],
			                         from.offset);
		}
		run_batch(zstd, batch, size);
	}
	__builtin_memcpy(zstd->offsets, offsets, sizeof(zstd->offsets));
	return zstd_bits_are_over(&from.bits);
}

bool zstd_run_sequences(struct zstd *zstd, struct zstd_input *block,
                        uint32_t count)
{
	struct zstd_bits bits;

	return read_tables(zstd, block) &&
	       zstd_bits_open(&bits, block->data,
	                      (uint64_t)(block->end - block->data)) &&
	       run_stream(zstd, &bits, count);
}
