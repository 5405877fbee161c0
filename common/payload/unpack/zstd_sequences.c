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
	uint8_t extra_at;    /* in extra_bits[], those of the next symbols */
	uint8_t extra_end;   /* there */
	uint8_t default_at;  /* in default_counts[] */
};

#define MATCH_EXTRA_AT    10
#define EXTRA_END         22
#define MATCH_DEFAULT_AT  36
#define OFFSET_DEFAULT_AT 89

/*
 * Section 3.1.1.3.2.1.1: of literals, and of matches. Each symbol that comes
 * later has one bit more than the one before it, as all offsets have.
 */
static const uint8_t extra_bits[] = {
	1, 1, 1, 1, 2, 2, 3, 3, 4, 6,

	1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7,
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
		.extra_end = MATCH_EXTRA_AT,
	},
	[ZSTD_OFFSET] = {
		.symbol_count = 32,
		.bits_max = 8,
		.value_min = 1,
		.default_count = 29,
		.default_bits = 5,
		.plain_count = 1,
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
		.extra_end = EXTRA_END,
		.default_at = MATCH_DEFAULT_AT,
	},
};

static_assert(ARRAY_COUNT(extra_bits) == EXTRA_END, "codes");
static_assert(ARRAY_COUNT(default_counts) == OFFSET_DEFAULT_AT + 29, "codes");

/* Replaces the symbols of a table by the values that they stand for. */
static void set_values(struct zstd_fse *fse, const struct code *code)
{
	struct {
		uint32_t base;
		uint8_t bits;
	} values[SYMBOL_COUNT_MAX];
	uint32_t base = code->value_min, extra_at = code->extra_at;
	uint32_t count = 0;
	uint8_t bits = 0;

	do {
		if (count >= code->plain_count)
			bits = extra_at < code->extra_end
			               ? extra_bits[extra_at++]
			               : (uint8_t)(bits + 1);
		values[count].base = base;
		values[count].bits = bits;
		base += 1U << bits;
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
	uint64_t states[ZSTD_CODE_COUNT];
	uint64_t literals; /* of the batch so far */
	uint64_t at;       /* where the next one goes in zstd->dest */
};

/*
 * Section 3.1.1.5: the last three offsets have short names. Which one comes
 * next cannot be predicted, so this looks them up without a comparison that a
 * compiler would make a branch of.
 */
static inline uint64_t find_offset(uint64_t *offsets, uint64_t value,
                                   bool has_literals)
{
	uint64_t index = min_u64(value - has_literals, 3);
	uint64_t offset;

	offsets[3] = value == 3 ? offsets[0] - 1 : value - 3;
	offset = offsets[index];
	offsets[2] = offsets[2 - index / 2];
	offsets[1] = offsets[(index - 1) >> 63];
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

static inline uint64_t take_state(struct zstd_bits *bits,
                                  const struct zstd_fse_entry *state)
{
	return state->next_base + zstd_bits_take(bits, state->next_bits);
}

/*
 * Section 3.1.1.3.2.1.2: decodes the sequence that the present states stand
 * for, and takes the next states. Returns false if its match is from before
 * zstd->dest. Whether all of it fits is not known yet.
 */
static inline bool decode_sequence(struct zstd *zstd, struct sequences *from,
                                   struct sequence *sequence, bool has_next)
{
	const struct zstd_fse *fse = zstd->tables;
	const struct zstd_fse_entry *of_literals =
		&fse[ZSTD_LITERALS].entries[from->states[ZSTD_LITERALS]];
	const struct zstd_fse_entry *of_offset =
		&fse[ZSTD_OFFSET].entries[from->states[ZSTD_OFFSET]];
	const struct zstd_fse_entry *of_match =
		&fse[ZSTD_MATCH].entries[from->states[ZSTD_MATCH]];
	uint32_t value_bits = of_offset->value_bits + of_match->value_bits +
	                      of_literals->value_bits;
	struct zstd_bits *bits = &from->bits;
	uint64_t literals, offset, match;

	zstd_bits_fill(bits);
	offset = take_value(bits, of_offset);
	match = take_value(bits, of_match);
	if (value_bits > VALUE_BITS_SHORT)
		zstd_bits_fill(bits);
	literals = take_value(bits, of_literals);
	if (has_next) {
		from->states[ZSTD_LITERALS] = take_state(bits, of_literals);
		from->states[ZSTD_MATCH] = take_state(bits, of_match);
		from->states[ZSTD_OFFSET] = take_state(bits, of_offset);
	}
	offset = find_offset(zstd->offsets, offset, literals > 0);
	from->literals += literals;
	from->at += literals;
	if (offset - 1 >= from->at)
		return false;
	/* A short match may lie in two lines of the cache. */
	__builtin_prefetch(zstd->dest + from->at - offset);
	__builtin_prefetch(zstd->dest + from->at - offset + LZ_SHORT_MATCH - 1);
	from->at += match;
	sequence->literals = (uint32_t)literals;
	sequence->match = (uint32_t)match;
	sequence->offset = (uint32_t)offset;
	return true;
}

/* Runs the sequences of a stream that has been opened. */
static NOINLINE bool run_stream(struct zstd *zstd, const struct zstd_bits *bits,
                                uint32_t count)
{
	struct sequence batch[BATCH_SIZE];
	struct sequences from;

	from.bits = *bits;
	from.at = (uint64_t)(zstd->out - zstd->dest);
	for (uint32_t i = 0; i < ZSTD_CODE_COUNT; i++)
		from.states[i] =
			zstd_bits_take(&from.bits, zstd->tables[i].bit_count);
	while (count > 0) {
		uint32_t size = (uint32_t)min_u64(count, BATCH_SIZE);

		from.literals = 0;
		for (uint32_t i = 0; i < size; i++, count--)
			if (!decode_sequence(zstd, &from, &batch[i], count > 1))
				return false;
		if (!lz_has_room(zstd->literals, zstd->literals_end,
		                 from.literals) ||
		    !lz_has_room(zstd->dest, zstd->out_end, from.at))
			return false;
		run_batch(zstd, batch, size);
	}
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
