/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * payload/read/unpack_blocks.h - unpacks formats that consist of blocks
 *
 * Each function unpacks all of `packed` into the sink, or refuses.
 */
#ifndef PAYLOAD_READ_UNPACK_BLOCKS_H
#define PAYLOAD_READ_UNPACK_BLOCKS_H

#include "payload/read/sink.h"

void unpack_lzo(struct sink *sink, const struct bytes *packed);
void unpack_lz4_legacy(struct sink *sink, const struct bytes *packed);
void unpack_lz4_frame(struct sink *sink, const struct bytes *packed);

#endif
