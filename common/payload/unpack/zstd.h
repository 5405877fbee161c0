/* SPDX-License-Identifier: BSD-2-Clause */
/* common/payload/unpack/zstd.h - Zstandard (RFC 8878), straight to the final
 * address */
#ifndef COMMON_PAYLOAD_UNPACK_ZSTD_H
#define COMMON_PAYLOAD_UNPACK_ZSTD_H

#include "common/lib/compiler.h"

struct zstd;

/* What a decoder needs of RAM, at a multiple of 8, while it works. */
#define ZSTD_WORKSPACE_SIZE 0x24000

/*
 * Decodes one frame to exactly `dest_size` bytes. False when it is malformed
 * or of another size; whatever `src` holds, nothing outside [dest, dest +
 * dest_size) is read or written there, nothing outside `src` is read. A
 * checksum at its end is not looked at: the bundle has its own.
 */
bool zstd_decode_frame(struct zstd *workspace, void *dest, uint64_t dest_size,
                       const void *src, uint64_t src_size);

#endif
