/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/read/unpack.c - unpacks streams by their libraries; see unpack.h */
#include "payload/read/unpack.h"

#include <bzlib.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>

#include "payload/read/unpack_blocks.h"

#define LZMA_MEMORY_MAX (1ull << 30)
#define WINDOW_LOG_MAX  30

/*
 * Makes room for the next output and returns its size: at least 64 KiB, at most
 * 1 GiB.
 */
static unsigned sink_room(struct sink *sink)
{
	if (sink->capacity - sink->size < 1 << 16)
		sink_grow(sink, 1 << 19);
	return (unsigned)(sink->capacity - sink->size);
}

static void unpack_gzip(struct sink *sink, const struct bytes *packed)
{
	z_stream stream = { .next_in = (Bytef *)packed->data,
		            .avail_in = (uInt)packed->size };
	int status = inflateInit2(&stream, 16 + MAX_WBITS);

	while (status == Z_OK) {
		unsigned room = sink_room(sink);

		stream.next_out = sink->data + sink->size;
		stream.avail_out = room;
		status = inflate(&stream, Z_NO_FLUSH);
		sink->size += room - stream.avail_out;
	}
	inflateEnd(&stream);
	if (status != Z_STREAM_END)
		refuse("%s: gzip data is damaged", sink->what);
}

static void unpack_bzip2(struct sink *sink, const struct bytes *packed)
{
	bz_stream stream = { .next_in = (char *)packed->data,
		             .avail_in = (unsigned)packed->size };
	int status = BZ2_bzDecompressInit(&stream, 0, 0);

	while (status == BZ_OK) {
		unsigned room = sink_room(sink);

		stream.next_out = (char *)sink->data + sink->size;
		stream.avail_out = room;
		status = BZ2_bzDecompress(&stream);
		sink->size += room - stream.avail_out;
		if (status == BZ_OK && stream.avail_in == 0 &&
		    stream.avail_out > 0)
			status = BZ_UNEXPECTED_EOF;
	}
	BZ2_bzDecompressEnd(&stream);
	if (status != BZ_STREAM_END)
		refuse("%s: bzip2 data is damaged", sink->what);
}

/* The decoder takes both .xz and the older .lzma. */
static void unpack_lzma(struct sink *sink, const struct bytes *packed)
{
	lzma_stream stream = LZMA_STREAM_INIT;
	lzma_ret status = lzma_auto_decoder(&stream, LZMA_MEMORY_MAX, 0);

	stream.next_in = packed->data;
	stream.avail_in = packed->size;
	while (status == LZMA_OK) {
		unsigned room = sink_room(sink);

		stream.next_out = sink->data + sink->size;
		stream.avail_out = room;
		status = lzma_code(&stream, LZMA_RUN);
		sink->size += room - stream.avail_out;
	}
	lzma_end(&stream);
	if (status != LZMA_STREAM_END)
		refuse("%s: xz or lzma data is damaged", sink->what);
}

static void unpack_zstd(struct sink *sink, const struct bytes *packed)
{
	ZSTD_inBuffer in = { packed->data, packed->size, 0 };
	ZSTD_DCtx *context = ZSTD_createDCtx();
	size_t status = 1;

	if (context == NULL)
		refuse("memory: none left");
	ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, WINDOW_LOG_MAX);
	while (status != 0) {
		ZSTD_outBuffer out = { 0 };
		size_t taken = in.pos;

		out.size = sink_room(sink);
		out.dst = sink->data + sink->size;
		status = ZSTD_decompressStream(context, &out, &in);
		sink->size += out.pos;
		if (ZSTD_isError(status) ||
		    (status != 0 && in.pos == taken && out.pos == 0))
			refuse("%s: zstd data is damaged", sink->what);
	}
	ZSTD_freeDCtx(context);
}

static const struct format {
	const char *name;
	unsigned magic_size;
	const char *magic;
	void (*unpack)(struct sink *sink, const struct bytes *packed);
} formats[] = {
	{ "gzip", 3, "\x1f\x8b\x08", unpack_gzip },
	{ "bzip2", 3, "BZh", unpack_bzip2 },
	{ "xz", 6,
	  "\xfd"
	  "7zXZ\0",
	  unpack_lzma },
	{ "lzma", 3, "\x5d\0\0", unpack_lzma },
	{ "lzo", 9, "\x89LZO\0\r\n\x1a\n", unpack_lzo },
	{ "lz4", 4, "\x02\x21\x4c\x18", unpack_lz4_legacy },
	{ "lz4", 4, "\x04\x22\x4d\x18", unpack_lz4_frame },
	{ "zstd", 4, "\x28\xb5\x2f\xfd", unpack_zstd },
};

static const struct format *find_format(const struct bytes *packed)
{
	for (unsigned i = 0; i < ARRAY_COUNT(formats); i++) {
		const struct format *format = &formats[i];

		if (packed->size >= format->magic_size &&
		    memcmp(packed->data, format->magic, format->magic_size) ==
		            0)
			return format;
	}
	return NULL;
}

const char *unpack_name(const struct bytes *packed)
{
	const struct format *format = find_format(packed);

	return format != NULL ? format->name : NULL;
}

struct bytes unpack(const struct bytes *packed, const char *what)
{
	const struct format *format = find_format(packed);
	struct sink sink = { .what = what };

	if (format == NULL)
		refuse("%s: compressed in no known way", what);
	if (packed->size > UNPACKED_MAX)
		refuse("%s: %#lx bytes: at most %#x", what,
		       (unsigned long)packed->size, UNPACKED_MAX);
	format->unpack(&sink, packed);
	return (struct bytes){ sink.data, sink.size };
}
