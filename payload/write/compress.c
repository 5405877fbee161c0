/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/write/compress.c - compresses sections, as spec/bundle.h defines */
#include "payload/write/compress.h"

#include <lz4.h>
#include <zstd.h>

#include "payload/write/lz4_pack.h"

#define PAGE            4096
#define ZEROS_MIN       (64 << 10)   /* fewer zeros get no block of their own */
#define ZEROS_MAX       (1ULL << 30) /* most zeros in one block */
#define SAMPLE_SIZE     (1 << 20)
#define ZSTD_LEVEL      19
#define ZSTD_WINDOW_LOG 27 /* 128 MiB */

/*
 * Most initrds are compressed already, and compressing them again gains
 * nothing. Samples of a few places tell.
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

/* Counts the zeros from `at` on, in whole pages, up to `max` bytes. */
static uint64_t count_zeros(const struct bytes *loaded, uint64_t at,
                            uint64_t max)
{
	static const uint8_t zeros[PAGE];
	uint64_t end = min_u64(loaded->size, at + max);
	uint64_t start = at;
	uint64_t size;

	for (; at < end; at += size) {
		size = min_u64(PAGE, loaded->size - at);
		if (memcmp(loaded->data + at, zeros, size) != 0)
			break;
	}
	return at - start;
}

/* Returns how many bytes the next block loads, and whether all are zeros. */
static uint64_t next_block(const struct bytes *loaded, uint64_t at,
                           bool *is_zeros)
{
	uint64_t size = count_zeros(loaded, at, ZEROS_MAX);
	uint64_t end = min_u64(loaded->size, at + BUNDLE_BLOCK_MAX);
	uint64_t start = at;

	*is_zeros = size >= ZEROS_MIN;
	if (*is_zeros)
		return size;
	while (at < end && count_zeros(loaded, at, ZEROS_MIN) < ZEROS_MIN)
		at += PAGE;
	return min_u64(at, end) - start;
}

/* Writes one block with its header, and returns their size in bytes. */
static uint64_t add_block(uint8_t *out, const uint8_t *in, uint32_t size,
                          bool is_zeros)
{
	struct bundle_block block = { .size = size };

	if (!is_zeros)
		block.stored_size =
			lz4_pack_block(out + sizeof(block), in, size);
	if (block.stored_size >= size) {
		block.stored_size = size;
		memcpy(out + sizeof(block), in, size);
	}
	memcpy(out, &block, sizeof(block));
	return sizeof(block) + block.stored_size;
}

/* Returns the most bytes that all blocks together can take. */
static uint64_t bound_lz4(uint64_t size)
{
	uint64_t count = size / BUNDLE_BLOCK_MAX + 2 * (size / ZEROS_MIN) + 2;
	uint64_t each = sizeof(struct bundle_block) + 8 +
	                (uint64_t)LZ4_compressBound(0);

	return size + size / 255 + count * each;
}

static struct bytes compress_lz4(const struct bytes *loaded)
{
	uint8_t *out = allocate(bound_lz4(loaded->size));
	uint64_t size = 0;
	uint64_t part;

	for (uint64_t at = 0; at < loaded->size; at += part) {
		bool is_zeros;
		uint64_t end;

		progress("compressing", at, loaded->size);
		part = next_block(loaded, at, &is_zeros);
		end = size + add_block(out + size, loaded->data + at,
		                       (uint32_t)part, is_zeros);
		size = align_up(end, 8);
		memset(out + end, 0, size - end);
	}
	return (struct bytes){ out, size };
}

/*
 * Makes one frame with a large window. The blob unpacks straight into RAM, so a
 * large window costs it nothing.
 */
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
