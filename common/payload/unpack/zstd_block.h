/* SPDX-License-Identifier: BSD-2-Clause */
/* common/payload/unpack/zstd_block.h - what the zstd decoder's parts share */
#ifndef COMMON_PAYLOAD_UNPACK_ZSTD_BLOCK_H
#define COMMON_PAYLOAD_UNPACK_ZSTD_BLOCK_H

#include "common/payload/unpack/zstd_entropy.h"

#define ZSTD_BLOCK_SIZE_MAX 0x20000
#define ZSTD_LITERAL_CODES  36
#define ZSTD_OFFSET_CODES   32
#define ZSTD_MATCH_CODES    53

struct zstd {
	bool has_tables; /* a block before had sequences */
	uint64_t offsets[3];
	uint8_t *dest;
	uint8_t *out;
	uint8_t *out_end;
	const uint8_t *literals;
	const uint8_t *literals_end;
	struct zstd_huffman huffman;
	struct zstd_fse scratch;
	struct zstd_fse literal_fse;
	struct zstd_fse offset_fse;
	struct zstd_fse match_fse;
	uint32_t literal_bases[ZSTD_LITERAL_CODES]; /* of lengths, by code */
	uint32_t match_bases[ZSTD_MATCH_CODES];
	uint8_t buffer[ZSTD_BLOCK_SIZE_MAX];
};

/* Takes a little-endian number of `size` bytes from the input's front. */
static inline uint64_t zstd_take_number(struct zstd_input *input, uint32_t size)
{
	uint64_t value = 0;

	for (uint32_t i = 0; i < size; i++)
		value |= (uint64_t)input->data[i] << 8 * i;
	input->data += size;
	return value;
}

#endif
