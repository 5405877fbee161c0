/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/compress.c - LZ4 sections, as bundle_format.h has them */
#include "payload/plan.h"

#include <lz4.h>
#include <lz4hc.h>

#define SAMPLE_SIZE (1 << 20)

/*
 * Data that is compressed already, as most initrds are, gains nothing: a fast
 * look at a few places tells.
 */
static bool is_worthwhile(const struct bytes *loaded)
{
	uint64_t step = loaded->size / 4;
	uint64_t packed = 0;
	uint64_t plain = 0;
	char *buffer = allocate((uint64_t)LZ4_compressBound(SAMPLE_SIZE));

	for (uint64_t at = 0; at < loaded->size; at += max_u64(step, 1)) {
		int size = (int)min_u64(SAMPLE_SIZE, loaded->size - at);

		plain += (unsigned)size;
		packed += (unsigned)LZ4_compress_default(
			(const char *)loaded->data + at, buffer, size,
			LZ4_compressBound(SAMPLE_SIZE));
		if (size < SAMPLE_SIZE)
			break;
	}
	return packed < plain - plain / 16;
}

/* Writes one block with its header and padding; returns their size. */
static uint64_t add_block(uint8_t *out, const uint8_t *in, uint32_t size)
{
	struct bundle_block block = { .size = size };
	int packed = LZ4_compress_HC(
		(const char *)in, (char *)out + sizeof(block), (int)size,
		LZ4_compressBound((int)size), LZ4HC_CLEVEL_MAX);

	block.stored_size = (uint32_t)packed;
	if (packed <= 0 || block.stored_size >= size) {
		block.stored_size = size;
		memcpy(out + sizeof(block), in, size);
	}
	memcpy(out, &block, sizeof(block));
	return sizeof(block) + block.stored_size;
}

bool compress_lz4(struct bytes *stored, const struct bytes *loaded,
                  enum compress compress)
{
	uint64_t block_count =
		align_up(loaded->size, BUNDLE_BLOCK_MAX) / BUNDLE_BLOCK_MAX;
	uint64_t bound = sizeof(struct bundle_block) + 8 +
	                 (uint64_t)LZ4_compressBound(BUNDLE_BLOCK_MAX);
	uint64_t size = 0;
	uint8_t *out;

	if (loaded->size == 0 ||
	    (compress == COMPRESS_AUTO && !is_worthwhile(loaded)))
		return false;
	out = allocate(block_count * bound);
	for (uint64_t at = 0; at < loaded->size; at += BUNDLE_BLOCK_MAX) {
		uint64_t part = min_u64(BUNDLE_BLOCK_MAX, loaded->size - at);
		uint64_t end;

		progress("compressing", at, loaded->size);
		end = size +
		      add_block(out + size, loaded->data + at, (uint32_t)part);
		size = align_up(end, 8);
		memset(out + end, 0, size - end);
	}
	progress("compressing", loaded->size, loaded->size);
	if (compress == COMPRESS_AUTO && size >= loaded->size)
		return false;
	*stored = (struct bytes){ out, size };
	return true;
}
