/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/payload/unpack/zstd.c - Zstandard: frames and blocks
 *
 * RFC 8878, section 3. All output is in one piece of memory, which is the
 * window, so the window's size does not matter here. See zstd.h.
 */
#include "common/payload/unpack/zstd.h"

#include "common/payload/unpack/zstd_block.h"
#include "common/payload/unpack/zstd_literals.h"
#include "common/payload/unpack/zstd_sequences.h"

static_assert(sizeof(struct zstd) <= ZSTD_WORKSPACE_SIZE, "what callers give");

#define FRAME_MAGIC 0xfd2fb528

/*
 * A block of a few bytes may have the blob build tables of thousands of
 * entries, so there are at most as many blocks as whole ones of this size would
 * be, and some more. Those of libzstd have 18 KiB or more on average.
 */
#define BLOCK_SIZE_MIN  1024
#define BLOCK_COUNT_MIN 64

static bool decode_block(struct zstd *zstd, struct zstd_input block)
{
	uint32_t count, rest;

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
	if (count > 0 && !zstd_run_sequences(zstd, &block, count))
		return false;
	rest = (uint32_t)(zstd->literals_end - zstd->literals);
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

bool zstd_decode_frame(struct zstd *zstd, void *dest, uint64_t dest_size,
                       const void *src, uint64_t src_size)
{
	struct zstd_input input = { src, (const uint8_t *)src + src_size };
	uint32_t blocks_left =
		(uint32_t)(BLOCK_COUNT_MIN + dest_size / BLOCK_SIZE_MIN);
	bool is_last = false;

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
