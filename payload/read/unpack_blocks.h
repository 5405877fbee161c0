/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/read/unpack_blocks.h - formats whose libraries know single blocks
 * only */
#ifndef PAYLOAD_READ_UNPACK_BLOCKS_H
#define PAYLOAD_READ_UNPACK_BLOCKS_H

#include "payload/read/sink.h"

void unpack_lzo(struct sink *sink, const struct bytes *packed);
void unpack_lz4_legacy(struct sink *sink, const struct bytes *packed);
void unpack_lz4_frame(struct sink *sink, const struct bytes *packed);

#endif
