/* SPDX-License-Identifier: BSD-2-Clause */
/* common/payload/unpack/zstd_block.h - what the zstd decoder's parts share */
#ifndef COMMON_PAYLOAD_UNPACK_ZSTD_BLOCK_H
#define COMMON_PAYLOAD_UNPACK_ZSTD_BLOCK_H

#include "common/payload/unpack/zstd_entropy.h"

#define ZSTD_BLOCK_SIZE_MAX 0x20000

/* What a sequence consists of, in the order in which a block has the tables. */
enum zstd_code { ZSTD_LITERALS, ZSTD_OFFSET, ZSTD_MATCH, ZSTD_CODE_COUNT };

struct zstd {
	bool has_tables;     /* a block before had sequences */
	uint64_t offsets[4]; /* of the last sequences, and the next one's */
	uint8_t *dest;
	uint8_t *out;
	uint8_t *out_end;
	const uint8_t *literals;
	const uint8_t *literals_end;
	struct zstd_huffman huffman;
	struct zstd_fse tables[ZSTD_CODE_COUNT];
	union {
		struct zstd_fse scratch; /* until there are literals */
		uint8_t buffer[ZSTD_BLOCK_SIZE_MAX];
	};
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
