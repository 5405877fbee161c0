/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/payload/unpack/lz4.h - LZ4, straight to the final address
 *
 * The block format is that of "LZ4 Block Format Description" (lz4 project,
 * doc/). A bundle's LZ4 section is a row of such blocks, see
 * common/spec/bundle.h.
 */
#ifndef COMMON_PAYLOAD_UNPACK_LZ4_H
#define COMMON_PAYLOAD_UNPACK_LZ4_H

#include "common/lib/compiler.h"

/*
 * Decodes one block to exactly `dest_size` bytes. Returns false if it is
 * malformed or of another size. Whatever `src` holds, no byte outside [dest,
 * dest + dest_size) is read or written there, and no byte outside `src` is
 * read.
 */
bool lz4_decode_block(void *dest, uint64_t dest_size, const void *src,
                      uint64_t src_size);

/*
 * Decodes a bundle's LZ4 section. Each block's stored bytes are added to the
 * section's sum64, in `*sum`, right before they are decoded, so that memory is
 * read once. The caller compares the sum afterwards.
 */
bool lz4_decode_section(void *dest, uint64_t dest_size, const void *src,
                        uint64_t src_size, uint64_t *sum);

#endif
