/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * payload/write/compress.h - compresses the bytes of a section
 *
 * common/spec/bundle.h defines the compressions.
 */
#ifndef PAYLOAD_WRITE_COMPRESS_H
#define PAYLOAD_WRITE_COMPRESS_H

#include "common/spec/bundle.h"
#include "payload/lib/tool.h"

enum compress {
	COMPRESS_NONE,
	COMPRESS_LZ4,
	COMPRESS_ZSTD,
	COMPRESS_AUTO, /* LZ4 where it gains something, else none */
};

/*
 * Sets *stored to the compressed bytes of `loaded`, and returns the compression
 * used. If that is none, *stored does not change.
 */
enum bundle_compression compress_section(struct bytes *stored,
                                         const struct bytes *loaded,
                                         enum compress compress);

#endif
