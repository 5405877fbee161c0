/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/payload/unpack/zstd_literals.h - the literals of a zstd block
 *
 * RFC 8878, section 3.1.1.3.1.
 */
#ifndef COMMON_PAYLOAD_UNPACK_ZSTD_LITERALS_H
#define COMMON_PAYLOAD_UNPACK_ZSTD_LITERALS_H

#include "common/payload/unpack/zstd_block.h"

/*
 * Reads a block's literals. zstd->literals then points into the block itself,
 * or to zstd->buffer. Returns false if they are malformed.
 */
bool zstd_read_literals(struct zstd *zstd, struct zstd_input *block);

#endif
