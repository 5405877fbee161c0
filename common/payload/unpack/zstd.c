/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/payload/unpack/zstd.c - Zstandard: frames, blocks and sequences
 *
 * RFC 8878, section 3. All output is in one piece of memory, which is the
 * window, so the window's size does not matter here. See zstd.h.
 */
#include "common/payload/unpack/zstd.h"

#include "common/payload/unpack/zstd_block.h"
#include "common/payload/unpack/zstd_literals.h"

static_assert(sizeof(struct zstd) <= ZSTD_WORKSPACE_SIZE, "what callers give");

#define FRAME_MAGIC 0xfd2fb528
#define MATCH_MIN   3

/*
 * A block of a few bytes may have the blob build tables of thousands of
 * entries, so there are at most as many blocks as whole ones of this size would
 * be, and some more. Those of libzstd have 18 KiB or more on average.
 */
#define BLOCK_SIZE_MIN  1024
#define BLOCK_COUNT_MIN 64

/* Section 3.1.1.3.2.1.1: extra bits of each code. set_bases() adds them. */
static const uint8_t literal_extra[ZSTD_LITERAL_CODES] = {
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,  0,  0,  0,  0,  1,  1,
	1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16,
};

static const uint8_t match_extra[ZSTD_MATCH_CODES] = {
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,  0,  0,  0,  0,  0,  0,  0,
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,  0,  0,  0,  1,  1,  1,  1,
	2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16,
};

/* Section 3.1.1.3.2.2: the distributions that hold if a block has no table. */
static const int8_t literal_default[ZSTD_LITERAL_CODES] = {
	4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1,  1,  2,  2,
	2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1, 1, 1, 1, -1, -1, -1, -1,
};

static const int8_t offset_default[29] = {
	1, 1, 1, 1, 1, 1, 2, 2, 2, 1,  1,  1,  1,  1,  1,
	1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1,
};

static const int8_t match_default[ZSTD_MATCH_CODES] = {
	1, 4, 3, 2, 2, 2, 2, 2, 2, 1, 1,  1,  1,  1,  1,  1,  1,  1,
	1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,  1,  1,  1,  1,  1,  1,  1,
	1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1, -1, -1,
};

/*
 * What read_table() must know of one of the three codes. Its default counts are
 * in the tables above.
 */
struct code {
	uint8_t mode;
	uint8_t default_count;
	uint8_t default_bits;
	uint8_t symbol_count;
	uint8_t bits_max;
};

/* Section 3.1.1.3.2.1: makes the table that the mode asks for. */
static bool read_table(struct zstd_fse *fse, bool has_table,
                       const struct code *code, const int8_t *default_counts,
                       struct zstd_input *block)
{
	int16_t counts[ZSTD_MATCH_CODES];

	switch (code->mode & 3) {
	case 0:
		for (uint32_t i = 0; i < code->default_count; i++)
			counts[i] = default_counts[i];
		return zstd_fse_build(fse, counts, code->default_count,
		                      code->default_bits);
	case 1:
		if (!zstd_has(block, 1) || *block->data >= code->symbol_count)
			return false;
		zstd_fse_build_single(fse, *block->data++);
		return true;
	case 2:
		return zstd_fse_read(fse, block, code->symbol_count,
		                     code->bits_max);
	default:
		return has_table;
	}
}

static bool read_tables(struct zstd *zstd, struct zstd_input *block)
{
	struct code literal = { 0, ZSTD_LITERAL_CODES, 6, ZSTD_LITERAL_CODES,
		                9 };
	struct code offset = { 0, sizeof(offset_default), 5, ZSTD_OFFSET_CODES,
		               8 };
	struct code match = { 0, ZSTD_MATCH_CODES, 6, ZSTD_MATCH_CODES, 9 };
	bool has_tables = zstd->has_tables;
	uint8_t modes;

	if (!zstd_has(block, 1))
		return false;
	modes = *block->data++;
	literal.mode = modes >> 6;
	offset.mode = modes >> 4;
	match.mode = modes >> 2;
	zstd->has_tables = true;
	return (modes & 3) == 0 &&
	       read_table(&zstd->literal_fse, has_tables, &literal,
	                  literal_default, block) &&
	       read_table(&zstd->offset_fse, has_tables, &offset,
	                  offset_default, block) &&
	       read_table(&zstd->match_fse, has_tables, &match, match_default,
	                  block);
}

/* Section 3.1.1.5: the last three offsets have short names. */
static uint64_t find_offset(struct zstd *zstd, uint64_t value,
                            bool has_literals)
{
	uint64_t *offsets = zstd->offsets;
	uint64_t offset;

	if (value > 3) {
		offset = value - 3;
		offsets[2] = offsets[1];
	} else {
		uint64_t index = value - (has_literals ? 1 : 0);

		offset = index == 3 ? offsets[0] - 1 : offsets[index];
		if (index == 0)
			return offset;
		if (index > 1)
			offsets[2] = offsets[1];
	}
	offsets[1] = offsets[0];
	offsets[0] = offset;
	return offset;
}

/* Copies in whole steps; what comes next overwrites the excess. */
static inline void copy_short(uint8_t *out, const uint8_t *literals,
                              uint8_t *end, uint64_t offset, uint64_t match)
{
	lz_copy_step(out, literals);
	if (end - out > LZ_STEP)
		lz_copy_step(out + LZ_STEP, literals + LZ_STEP);
	lz_copy_step(end, end - offset);
	if (match > LZ_STEP) {
		lz_copy_step(end + LZ_STEP, end + LZ_STEP - offset);
		lz_copy_step(end + 2 * LZ_STEP, end + 2 * LZ_STEP - offset);
	}
}

static bool run_sequence(struct zstd *zstd, uint64_t literals, uint64_t offset,
                         uint64_t match)
{
	uint8_t *out = zstd->out;
	uint8_t *end = out + literals;

	if (!lz_has_room(zstd->literals, zstd->literals_end, literals) ||
	    !lz_has_room(out, zstd->out_end, literals + match) || offset == 0 ||
	    offset > (uint64_t)(end - zstd->dest))
		return false;
	if (literals <= 2 * LZ_STEP && match <= 3 * LZ_STEP &&
	    offset >= LZ_STEP &&
	    lz_has_room(zstd->literals, zstd->literals_end, 2 * LZ_STEP) &&
	    lz_has_room(out, zstd->out_end, 5 * LZ_STEP)) {
		copy_short(out, zstd->literals, end, offset, match);
	} else {
		lz_copy(out, zstd->literals, end);
		lz_copy_match(end, offset, end + match);
	}
	zstd->literals += literals;
	zstd->out = end + match;
	return true;
}

/* The states of the three codes, and the bits that change them. */
struct states {
	struct zstd_bits bits;
	const struct zstd_fse_entry *literal;
	const struct zstd_fse_entry *offset;
	const struct zstd_fse_entry *match;
};

static const struct zstd_fse_entry *first_state(struct zstd_bits *bits,
                                                const struct zstd_fse *fse)
{
	return &fse->entries[zstd_bits_take(bits, fse->bit_count)];
}

static const struct zstd_fse_entry *next_state(
	struct zstd_bits *bits, const struct zstd_fse *fse,
	const struct zstd_fse_entry *entry)
{
	return &fse->entries[entry->base +
	                     zstd_bits_take(bits, entry->bit_count)];
}

/*
 * Section 3.1.1.3.2.1.2: decodes the sequence that the present states stand
 * for.
 */
static bool decode_sequence(struct zstd *zstd, struct states *states)
{
	struct zstd_bits *bits = &states->bits;
	uint32_t literal_code = states->literal->symbol;
	uint32_t match_code = states->match->symbol;
	uint32_t offset_code = states->offset->symbol;
	uint64_t literals, offset, match;

	/*
	 * Offset and match take 31 + 16 bits; then the literals take 16, and
	 * the next states up to 26.
	 */
	zstd_bits_fill(bits);
	offset = (1ULL << offset_code) + zstd_bits_take(bits, offset_code);
	match = zstd->match_bases[match_code] +
	        zstd_bits_take(bits, match_extra[match_code]);
	zstd_bits_fill(bits);
	literals = zstd->literal_bases[literal_code] +
	           zstd_bits_take(bits, literal_extra[literal_code]);
	return bits->used <= 64 &&
	       run_sequence(zstd, literals,
	                    find_offset(zstd, offset, literals > 0), match);
}

static bool run_sequences(struct zstd *zstd, struct zstd_input *block,
                          uint32_t count)
{
	struct states states;
	struct zstd_bits *bits = &states.bits;

	if (!read_tables(zstd, block) ||
	    !zstd_bits_open(bits, block->data,
	                    (uint64_t)(block->end - block->data)))
		return false;
	states.literal = first_state(bits, &zstd->literal_fse);
	states.offset = first_state(bits, &zstd->offset_fse);
	states.match = first_state(bits, &zstd->match_fse);
	for (; count > 0; count--) {
		if (!decode_sequence(zstd, &states))
			return false;
		if (count == 1)
			break;
		states.literal =
			next_state(bits, &zstd->literal_fse, states.literal);
		states.match = next_state(bits, &zstd->match_fse, states.match);
		states.offset =
			next_state(bits, &zstd->offset_fse, states.offset);
	}
	return zstd_bits_are_over(bits);
}

static bool decode_block(struct zstd *zstd, struct zstd_input block)
{
	uint64_t rest;
	uint32_t count;

	if (!zstd_read_literals(zstd, &block) || !zstd_has(&block, 1))
		return false;
	count = *block.data++;
	if (count >= 128) {
		uint32_t more = count == 255 ? 2 : 1;

		if (!zstd_has(&block, more))
			return false;
		count = more == 2 ? 0x7f00 : (count - 128) << 8;
		count += more == 2 ? (uint32_t)zstd_take_number(&block, 2)
		                   : *block.data++;
	}
	if (count > 0 && !run_sequences(zstd, &block, count))
		return false;
	rest = (uint64_t)(zstd->literals_end - zstd->literals);
	if (!lz_has_room(zstd->out, zstd->out_end, rest))
		return false;
	lz_copy(zstd->out, zstd->literals, zstd->out + rest);
	zstd->out += rest;
	return true;
}

/* Section 3.1.1.2: decodes one block, whose header has `is_last`. */
static bool read_block(struct zstd *zstd, struct zstd_input *input,
                       bool *is_last)
{
	uint32_t header, type, size, stored_size;
	const uint8_t *data;

	if (!zstd_has(input, 3))
		return false;
	header = (uint32_t)zstd_take_number(input, 3);
	*is_last = header & 1;
	type = header >> 1 & 3;
	size = header >> 3;
	stored_size = type == 1 ? 1 : size;
	if (!zstd_has(input, stored_size))
		return false;
	data = input->data;
	input->data += stored_size;
	if (type == 2)
		return decode_block(zstd,
		                    (struct zstd_input){ data, input->data });
	if (type == 3 || !lz_has_room(zstd->out, zstd->out_end, size))
		return false;
	if (type == 1)
		__builtin_memset(zstd->out, *data, size);
	else
		__builtin_memcpy(zstd->out, data, size);
	zstd->out += size;
	return true;
}

/* Section 3.1.1.1: only its size and the lack of a dictionary matter. */
static bool skip_frame_header(struct zstd_input *input)
{
	static const uint8_t size_sizes[] = { 0, 2, 4, 8 };
	bool is_single;
	uint32_t size;
	uint8_t flags;

	if (!zstd_has(input, 5) || load_le32(input->data) != FRAME_MAGIC)
		return false;
	flags = input->data[4];
	is_single = flags & 0x20;
	size = 5 + size_sizes[flags >> 6] + (flags < 0x40 && is_single) +
	       !is_single;
	if ((flags & 0x0b) != 0 || !zstd_has(input, size))
		return false;
	input->data += size;
	return true;
}

static void set_bases(uint32_t *bases, const uint8_t *extra, uint32_t count,
                      uint32_t first)
{
	for (uint32_t i = 0; i < count; i++) {
		bases[i] = first;
		first += 1U << extra[i];
	}
}

bool zstd_decode_frame(struct zstd *zstd, void *dest, uint64_t dest_size,
                       const void *src, uint64_t src_size)
{
	struct zstd_input input = { src, (const uint8_t *)src + src_size };
	uint32_t blocks_left =
		(uint32_t)(BLOCK_COUNT_MIN + dest_size / BLOCK_SIZE_MIN);
	bool is_last = false;

	set_bases(zstd->literal_bases, literal_extra, ZSTD_LITERAL_CODES, 0);
	set_bases(zstd->match_bases, match_extra, ZSTD_MATCH_CODES, MATCH_MIN);
	zstd->huffman.bit_count = 0;
	zstd->has_tables = false;
	zstd->offsets[0] = 1;
	zstd->offsets[1] = 4;
	zstd->offsets[2] = 8;
	zstd->dest = dest;
	zstd->out = dest;
	zstd->out_end = (uint8_t *)dest + dest_size;
	if (!skip_frame_header(&input))
		return false;
	for (; blocks_left > 0 && read_block(zstd, &input, &is_last);
	     blocks_left--)
		if (is_last)
			return zstd->out == zstd->out_end;
	return false;
}
