/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/read/sink.h - holds unpacked bytes */
#ifndef PAYLOAD_READ_SINK_H
#define PAYLOAD_READ_SINK_H

#include "payload/lib/tool.h"

#define UNPACKED_MAX (1u << 30)

/* A sink has `size` unpacked bytes, and room for `capacity`. */
struct sink {
	const char *what;
	uint8_t *data;
	uint64_t size;
	uint64_t capacity;
};

/* Makes room for `room` more bytes, or refuses. */
void sink_grow(struct sink *sink, uint64_t room);

#endif
