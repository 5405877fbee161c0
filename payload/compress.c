/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/compress.c - compressed sections, as bundle_format.h has them */
#include "payload/lz4_pack.h"
#include "payload/plan.h"

#include <lz4.h>
#include <zstd.h>

#define SAMPLE_SIZE     (1 << 20)
#define ZSTD_LEVEL      19
#define ZSTD_WINDOW_LOG 27 /* 128 MiB */

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

	block.stored_size = lz4_pack_block(out + sizeof(block), in, size);
	if (block.stored_size >= size) {
		block.stored_size = size;
		memcpy(out + sizeof(block), in, size);
	}
	memcpy(out, &block, sizeof(block));
	return sizeof(block) + block.stored_size;
}

static struct bytes compress_lz4(const struct bytes *loaded)
{
	uint64_t block_count =
		align_up(loaded->size, BUNDLE_BLOCK_MAX) / BUNDLE_BLOCK_MAX;
	uint64_t bound = sizeof(struct bundle_block) + 8 +
	                 (uint64_t)LZ4_compressBound(BUNDLE_BLOCK_MAX);
	uint8_t *out = allocate(block_count * bound);
	uint64_t size = 0;

	for (uint64_t at = 0; at < loaded->size; at += BUNDLE_BLOCK_MAX) {
		uint64_t part = min_u64(BUNDLE_BLOCK_MAX, loaded->size - at);
		uint64_t end;

		progress("compressing", at, loaded->size);
		end = size +
		      add_block(out + size, loaded->data + at, (uint32_t)part);
		size = align_up(end, 8);
		memset(out + end, 0, size - end);
	}
	return (struct bytes){ out, size };
}

/* One frame whose window is all of it, as the blob has all of it at hand. */
static struct bytes compress_zstd(const struct bytes *loaded)
{
	ZSTD_CCtx *context = ZSTD_createCCtx();
	ZSTD_inBuffer in = { loaded->data, loaded->size, 0 };
	ZSTD_outBuffer out = { .size = ZSTD_compressBound(loaded->size) };
	size_t left = 1;

	out.dst = allocate(out.size);
	if (context == NULL)
		refuse("memory: none left");
	ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, ZSTD_LEVEL);
	ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, ZSTD_WINDOW_LOG);
	ZSTD_CCtx_setPledgedSrcSize(context, loaded->size);
	while (left != 0 && !ZSTD_isError(left)) {
		left = ZSTD_compressStream2(context, &out, &in, ZSTD_e_end);
		progress("compressing", in.pos, in.size);
	}
	if (ZSTD_isError(left))
		refuse("zstd: %s", ZSTD_getErrorName(left));
	ZSTD_freeCCtx(context);
	return (struct bytes){ out.dst, out.pos };
}

enum bundle_compression compress_section(struct bytes *stored,
                                         const struct bytes *loaded,
                                         enum compress compress)
{
	struct bytes packed;

	if (compress == COMPRESS_NONE || loaded->size == 0 ||
	    (compress == COMPRESS_AUTO && !is_worthwhile(loaded)))
		return BUNDLE_COMPRESSION_NONE;
	packed = compress == COMPRESS_ZSTD ? compress_zstd(loaded)
	                                   : compress_lz4(loaded);
	progress("compressing", loaded->size, loaded->size);
	if (compress == COMPRESS_AUTO && packed.size >= loaded->size)
		return BUNDLE_COMPRESSION_NONE;
	*stored = packed;
	return compress == COMPRESS_ZSTD ? BUNDLE_COMPRESSION_ZSTD
	                                 : BUNDLE_COMPRESSION_LZ4;
}
