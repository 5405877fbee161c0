/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * payload/read/unpack_blocks.c - unpacks lzop files, LZ4 legacy frames and LZ4
 * frames
 *
 * lzop files are those of lzop 1.03. "LZ4 Frame Format Description" 1.6.3 of
 * the lz4 project defines the others. Checksums of lzop's blocks are ignored.
 */
#include "payload/read/unpack_blocks.h"

#include <lz4.h>
#include <lz4frame.h>
#include <lzo/lzo1x.h>

#define LZ4_LEGACY_MAGIC   0x184c2102
#define LZ4_LEGACY_BLOCK   (8u << 20)

#define LZO_MAGIC_SIZE     9
#define LZO_HAS_LEVEL      0x940
#define LZO_BLOCK_MAX      (64u << 20)
#define LZO_ADLER32_PLAIN  0x001
#define LZO_ADLER32_PACKED 0x002
#define LZO_CRC32_PLAIN    0x100
#define LZO_CRC32_PACKED   0x200
#define LZO_FILTER         0x800

/* A reader has the bytes that are left to read. */
struct reader {
	const char *what;
	struct bytes left;
};

static const uint8_t *take(struct reader *reader, uint64_t size)
{
	const uint8_t *data = reader->left.data;

	if (size > reader->left.size)
		refuse("%s: ends early: %#lx bytes of %#lx", reader->what,
		       (unsigned long)reader->left.size, (unsigned long)size);
	reader->left.data += size;
	reader->left.size -= size;
	return data;
}

static uint32_t take_be(struct reader *reader, unsigned size)
{
	const uint8_t *p = take(reader, size);
	uint32_t value = 0;

	while (size-- > 0)
		value = value << 8 | *p++;
	return value;
}

/* Reads the file header; returns the flags. */
static uint32_t read_lzop_header(struct reader *reader)
{
	uint32_t version;
	uint32_t flags;
	bool has_level;

	take(reader, LZO_MAGIC_SIZE);
	version = take_be(reader, 2);
	has_level = version >= LZO_HAS_LEVEL;
	take(reader, 2);                 /* library version */
	take(reader, has_level ? 2 : 0); /* version needed to extract */
	take(reader, 1);                 /* method; all decode alike */
	take(reader, has_level ? 1 : 0);
	flags = take_be(reader, 4);
	take(reader, (flags & LZO_FILTER) != 0 ? 4 : 0);
	take(reader, 4 + 4); /* mode, time */
	take(reader, has_level ? 4 : 0);
	take(reader, take_be(reader, 1)); /* name */
	take(reader, 4);                  /* checksum of all this */
	return flags;
}

void unpack_lzo(struct sink *sink, const struct bytes *packed)
{
	struct reader reader = { sink->what, *packed };
	uint32_t flags = read_lzop_header(&reader);

	for (;;) {
		uint32_t size = take_be(&reader, 4);
		uint32_t packed_size;
		const uint8_t *block;
		lzo_uint done = size;

		if (size == 0)
			return;
		packed_size = take_be(&reader, 4);
		take(&reader, (flags & LZO_ADLER32_PLAIN) != 0 ? 4 : 0);
		take(&reader, (flags & LZO_CRC32_PLAIN) != 0 ? 4 : 0);
		if (size > LZO_BLOCK_MAX || packed_size > size)
			refuse("%s: lzo block of %#x bytes in %#x", sink->what,
			       size, packed_size);
		if (packed_size < size) {
			take(&reader, (flags & LZO_ADLER32_PACKED) ? 4 : 0);
			take(&reader, (flags & LZO_CRC32_PACKED) ? 4 : 0);
		}
		block = take(&reader, packed_size);
		sink_grow(sink, size);
		if (packed_size == size)
			memcpy(sink->data + sink->size, block, size);
		else if (lzo1x_decompress_safe(block, packed_size,
		                               sink->data + sink->size, &done,
		                               NULL) != LZO_E_OK ||
		         done != size)
			refuse("%s: lzo data is damaged", sink->what);
		sink->size += size;
	}
}

/*
 * Blocks go up to the end. The kernel's build may append the unpacked size,
 * four bytes, which are not a block.
 */
void unpack_lz4_legacy(struct sink *sink, const struct bytes *packed)
{
	struct reader reader = { sink->what, *packed };

	take(&reader, 4);
	while (reader.left.size > 4) {
		uint32_t size = load_le32(take(&reader, 4));
		int done;

		if (size == LZ4_LEGACY_MAGIC)
			continue;
		sink_grow(sink, LZ4_LEGACY_BLOCK);
		if (size > LZ4_LEGACY_BLOCK * 2)
			refuse("%s: lz4 block of %#x bytes", sink->what, size);
		done = LZ4_decompress_safe((const char *)take(&reader, size),
		                           (char *)sink->data + sink->size,
		                           (int)size, LZ4_LEGACY_BLOCK);
		if (done < 0)
			refuse("%s: lz4 data is damaged", sink->what);
		sink->size += (unsigned)done;
	}
}

void unpack_lz4_frame(struct sink *sink, const struct bytes *packed)
{
	struct bytes left = *packed;
	LZ4F_dctx *context;
	size_t status = 1;

	if (LZ4F_isError(
		    LZ4F_createDecompressionContext(&context, LZ4F_VERSION)))
		refuse("memory: none left");
	while (status != 0) {
		size_t taken = left.size;
		size_t made;

		sink_grow(sink, 1 << 20);
		made = sink->capacity - sink->size;
		status = LZ4F_decompress(context, sink->data + sink->size,
		                         &made, left.data, &taken, NULL);
		if (LZ4F_isError(status) ||
		    (status != 0 && taken == 0 && made == 0))
			refuse("%s: lz4 data is damaged", sink->what);
		left.data += taken;
		left.size -= taken;
		sink->size += made;
	}
	LZ4F_freeDecompressionContext(context);
}
