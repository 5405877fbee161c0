/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/payload/unpack/zstd_sequences.h - the sequences of a zstd block
 *
 * RFC 8878, section 3.1.1.3.2.
 */
#ifndef COMMON_PAYLOAD_UNPACK_ZSTD_SEQUENCES_H
#define COMMON_PAYLOAD_UNPACK_ZSTD_SEQUENCES_H

#include "common/payload/unpack/zstd_block.h"

/*
 * Decodes `count` sequences, of which `block` has the tables and the stream,
 * and copies what they consist of to zstd->out. Returns false if they are
 * malformed.
 */
bool zstd_run_sequences(struct zstd *zstd, struct zstd_input *block,
                        uint32_t count);

#endif
