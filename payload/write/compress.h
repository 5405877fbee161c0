/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/write/compress.h - how the bytes of a section are stored */
#ifndef PAYLOAD_WRITE_COMPRESS_H
#define PAYLOAD_WRITE_COMPRESS_H

#include "common/spec/bundle.h"
#include "payload/lib/tool.h"

enum compress {
	COMPRESS_NONE,
	COMPRESS_LZ4,
	COMPRESS_ZSTD,
	COMPRESS_AUTO, /* LZ4 where it makes a difference */
};

/*
 * `loaded` as a section stores it, by the compression returned;
 * for COMPRESS_AUTO, none if it would not help.
 */
enum bundle_compression compress_section(struct bytes *stored,
                                         const struct bytes *loaded,
                                         enum compress compress);

#endif
