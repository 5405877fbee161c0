/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * payload/write/lz4_pack.h - packs one block in LZ4's format
 *
 * LZ4 Block Format Description of the lz4 project.
 */
#ifndef PAYLOAD_WRITE_LZ4_PACK_H
#define PAYLOAD_WRITE_LZ4_PACK_H

#include <stdint.h>

/*
 * Packs `size` bytes and returns the packed size. `out` has room for
 * LZ4_compressBound(size) bytes.
 */
uint32_t lz4_pack_block(uint8_t *out, const uint8_t *in, uint32_t size);

#endif
