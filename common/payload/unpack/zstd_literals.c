/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/payload/unpack/zstd_literals.c - the literals of a zstd block
 *
 * RFC 8878, section 3.1.1.3.1.
 */
#include "common/payload/unpack/zstd_literals.h"

#define STREAM_COUNT 4

/* Opens streams, which lie behind a table of all their sizes but the last. */
static bool open_streams(struct zstd_bits *streams, uint32_t count,
                         struct zstd_input *input)
{
	const uint8_t *sizes = input->data;

	if (!zstd_has(input, 2 * (count - 1)))
		return false;
	input->data += 2 * (count - 1);
	for (uint32_t i = 0; i < count; i++) {
		uint32_t size = (uint32_t)(input->end - input->data);

		if (i < count - 1)
			size = load_le16(sizes + 2 * i);
		if (!zstd_has(input, size) ||
		    !zstd_bits_open(&streams[i], input->data, size))
			return false;
		input->data += size;
	}
	return true;
}

/*
 * Decodes literals, which are one stream or four. Of four, all but the last
 * decode to the same size. `input` holds one block's literals, and nothing
 * more.
 */
static bool decode_literals(struct zstd *zstd, uint32_t size, bool has_tree,
                            bool is_single, struct zstd_input input)
{
	struct zstd_bits streams[STREAM_COUNT];
	uint32_t count = is_single ? 1 : STREAM_COUNT;
	uint32_t part = is_single ? size : (size + 3) / STREAM_COUNT;

	if (has_tree &&
	    !zstd_huffman_read(&zstd->huffman, &zstd->scratch, &input))
		return false;
	return zstd->huffman.bit_count != 0 && size >= (count - 1) * part &&
	       open_streams(streams, count, &input) &&
	       zstd_huffman_decode(&zstd->huffman, streams, count, zstd->buffer,
	                           part, size - (count - 1) * part);
}

bool zstd_read_literals(struct zstd *zstd, struct zstd_input *block)
{
	/* For each format: bytes of the header, and bits of each size. */
	static const uint8_t header_sizes[] = { 3, 3, 4, 5 };
	static const uint8_t plain_sizes[] = { 1, 2, 1, 3 };
	static const uint8_t size_bits[] = { 10, 10, 14, 18 };
	uint32_t type, format, size, packed_size;
	uint64_t header;

	if (!zstd_has(block, 1))
		return false;
	type = *block->data & 3;
	format = *block->data >> 2 & 3;
	packed_size = type < 2 ? plain_sizes[format] : header_sizes[format];
	if (!zstd_has(block, packed_size))
		return false;
	header = zstd_take_number(block, packed_size);
	if (type < 2) {
		size = (uint32_t)(header >> (format % 2 ? 4 : 3));
		packed_size = type == 0 ? size : 1;
	} else {
		uint32_t mask = (1U << size_bits[format]) - 1;

		size = (uint32_t)(header >> 4) & mask;
		packed_size =
			(uint32_t)(header >> (4 + size_bits[format])) & mask;
	}
	if (size > ZSTD_BLOCK_SIZE_MAX || !zstd_has(block, packed_size))
		return false;

	zstd->literals = type == 0 ? block->data : zstd->buffer;
	zstd->literals_end = zstd->literals + size;
	block->data += packed_size;
	if (type == 1)
		__builtin_memset(zstd->buffer, block->data[-1], size);
	return type < 2 ||
	       decode_literals(zstd, size, type == 2, format == 0,
	                       (struct zstd_input){ block->data - packed_size,
	                                            block->data });
}
