/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/unpack_blocks.h - formats whose libraries know single blocks only */
#ifndef PAYLOAD_UNPACK_BLOCKS_H
#define PAYLOAD_UNPACK_BLOCKS_H

#include "payload/tool.h"

#define UNPACKED_MAX (1u << 30)

/* What has been unpacked so far; grows as it must. */
struct sink {
	const char *what;
	uint8_t *data;
	uint64_t size;
	uint64_t capacity;
};

/* Makes room for `room` more bytes, or refuses. */
void sink_grow(struct sink *sink, uint64_t room);

void unpack_lzo(struct sink *sink, const struct bytes *packed);
void unpack_lz4_legacy(struct sink *sink, const struct bytes *packed);
void unpack_lz4_frame(struct sink *sink, const struct bytes *packed);

#endif
