/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * payload/rootfs/stream.c - opens tars, compressed or not; see stream.h
 *
 * One archive of libarchive unpacks, another one reads what it gives as a tar.
 * So each byte that is unpacked passes by here and is counted, also those of
 * headers, of holes and of what a tar has but no tree takes. Left alone,
 * libarchive would look for a compression within the compression, and go
 * through any number of bytes to find one.
 */
#include "payload/rootfs/stream.h"

#include <errno.h>
#include <stdlib.h>

/* 4 GiB of files, and headers of each of a million names. */
#define UNPACKED_MAX_ALL (6ull << 30)

/* POSIX "pax", "ustar Interchange Format": the field `magic`. */
#define TAR_MAGIC        "ustar"
#define TAR_MAGIC_OFFSET 257

struct stream {
	struct archive *packed;
	struct archive *tar;
	uint64_t *unpacked; /* NULL: what is not compressed costs nothing */
};

static const struct compression {
	int filter;
	unsigned magic_size;
	const char *magic;
} compressions[] = {
	{ ARCHIVE_FILTER_GZIP, 2, "\x1f\x8b" },
	{ ARCHIVE_FILTER_BZIP2, 3, "BZh" },
	{ ARCHIVE_FILTER_LZMA, 3, "\x5d\0\0" },
	{ ARCHIVE_FILTER_LZIP, 4, "LZIP" },
	{ ARCHIVE_FILTER_LZ4, 4, "\x04\x22\x4d\x18" },
	{ ARCHIVE_FILTER_LZ4, 4, "\x02\x21\x4c\x18" },
	{ ARCHIVE_FILTER_ZSTD, 4, "\x28\xb5\x2f\xfd" },
	/* pzstd begins with a frame to be skipped. */
	{ ARCHIVE_FILTER_ZSTD, 4, "\x50\x2a\x4d\x18" },
	{ ARCHIVE_FILTER_XZ, 6,
	  "\xfd"
	  "7zXZ\0" },
};

static bool has_magic(struct bytes tar, uint64_t offset, const char *magic,
                      unsigned size)
{
	return is_within(offset, size, tar.size) &&
	       memcmp(tar.data + offset, magic, size) == 0;
}

/* A tar begins with the name of a file, which may be anything. */
static int find_filter(struct bytes tar)
{
	if (has_magic(tar, TAR_MAGIC_OFFSET, TAR_MAGIC, strlen(TAR_MAGIC)))
		return ARCHIVE_FILTER_NONE;
	for (unsigned i = 0; i < ARRAY_COUNT(compressions); i++) {
		const struct compression *compression = &compressions[i];

		if (has_magic(tar, 0, compression->magic,
		              compression->magic_size))
			return compression->filter;
	}
	return ARCHIVE_FILTER_NONE;
}

static struct archive *open_packed(struct bytes tar, int filter)
{
	struct archive *packed = archive_read_new();
	struct archive_entry *entry;

	archive_read_support_format_raw(packed);
	archive_read_append_filter(packed, filter);
	if (archive_read_open_memory(packed, tar.data, tar.size) !=
	            ARCHIVE_OK ||
	    archive_read_next_header(packed, &entry) != ARCHIVE_OK)
		refuse("no tar archive, and no directory");
	return packed;
}

/* archive_read_set_callback_data(3): an archive_read_callback. */
static la_ssize_t read_some(struct archive *tar, void *closure,
                            const void **data)
{
	struct stream *stream = closure;
	size_t size;
	int64_t offset;
	int status =
		archive_read_data_block(stream->packed, data, &size, &offset);

	if (status == ARCHIVE_EOF)
		return 0;
	if (status < ARCHIVE_WARN) {
		archive_set_error(tar, EINVAL, "%s",
		                  archive_error_string(stream->packed));
		return -1;
	}
	if (stream->unpacked == NULL)
		return (la_ssize_t)size;
	*stream->unpacked += size;
	if (*stream->unpacked > UNPACKED_MAX_ALL)
		refuse("more than %llu GiB in all, unpacked",
		       UNPACKED_MAX_ALL >> 30);
	return (la_ssize_t)size;
}

struct stream *stream_open(struct bytes tar, uint64_t *unpacked)
{
	struct stream *stream = allocate(sizeof(*stream));
	int filter = find_filter(tar);

	stream->packed = open_packed(tar, filter);
	stream->unpacked = filter != ARCHIVE_FILTER_NONE ? unpacked : NULL;
	stream->tar = archive_read_new();
	archive_read_support_format_tar(stream->tar);
	archive_read_append_filter(stream->tar, ARCHIVE_FILTER_NONE);
	if (archive_read_open(stream->tar, stream, NULL, read_some, NULL) !=
	    ARCHIVE_OK)
		refuse("no tar archive, and no directory");
	return stream;
}

struct archive *stream_archive(const struct stream *stream)
{
	return stream->tar;
}

void stream_close(struct stream *stream)
{
	archive_read_free(stream->tar);
	archive_read_free(stream->packed);
	free(stream);
}
