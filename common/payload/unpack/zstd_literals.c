/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/payload/unpack/zstd_literals.c - the literals of a zstd block
 *
 * RFC 8878, section 3.1.1.3.1.
 */
#include "common/payload/unpack/zstd_literals.h"

/* Decodes four streams. All but the last decode to the same size. */
static bool decode_streams(struct zstd *zstd, uint32_t size,
                           struct zstd_input *input)
{
	uint32_t part = (size + 3) / 4;
	uint8_t *out = zstd->buffer;
	uint32_t sizes[4];

	if (!zstd_has(input, 6))
		return false;
	for (int i = 0; i < 3; i++)
		sizes[i] = (uint32_t)zstd_take_number(input, 2);
	if (!zstd_has(input, sizes[0] + sizes[1] + sizes[2]) || size < 3 * part)
		return false;
	sizes[3] = (uint32_t)(input->end - input->data) -
	           (sizes[0] + sizes[1] + sizes[2]);
	for (int i = 0; i < 4; i++) {
		uint8_t *end = i < 3 ? out + part : zstd->buffer + size;

		if (!zstd_huffman_decode(&zstd->huffman, out, end, input->data,
		                         sizes[i]))
			return false;
		input->data += sizes[i];
		out = end;
	}
	return true;
}

/* Decodes literals. `input` holds one block's literals, and nothing more. */
static bool decode_literals(struct zstd *zstd, uint32_t size, bool has_tree,
                            bool is_single, struct zstd_input input)
{
	if (has_tree &&
	    !zstd_huffman_read(&zstd->huffman, &zstd->scratch, &input))
		return false;
	if (zstd->huffman.bit_count == 0)
		return false;
	if (is_single)
		return zstd_huffman_decode(&zstd->huffman, zstd->buffer,
		                           zstd->buffer + size, input.data,
		                           (uint64_t)(input.end - input.data));
	return decode_streams(zstd, size, &input);
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
