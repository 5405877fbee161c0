/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/payload/unpack/zstd.h - Zstandard, straight to the final address
 *
 * RFC 8878.
 */
#ifndef COMMON_PAYLOAD_UNPACK_ZSTD_H
#define COMMON_PAYLOAD_UNPACK_ZSTD_H

#include "common/lib/compiler.h"

struct zstd;

/* Bytes of RAM that a decoder needs while it works, at a multiple of 8. */
#define ZSTD_WORKSPACE_SIZE 0x25000

/*
 * Decodes one frame to exactly `dest_size` bytes. Returns false if it is
 * malformed or of another size. Whatever `src` holds, no byte outside [dest,
 * dest + dest_size) is read or written there, and no byte outside `src` is
 * read. A checksum at the frame's end is ignored: the bundle has its own.
 */
bool zstd_decode_frame(struct zstd *workspace, void *dest, uint64_t dest_size,
                       const void *src, uint64_t src_size);

#endif
