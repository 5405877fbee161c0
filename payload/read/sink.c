/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/read/sink.c - holds unpacked bytes; see sink.h */
#include "payload/read/sink.h"

#include <stdlib.h>

void sink_grow(struct sink *sink, uint64_t room)
{
	uint64_t needed = sink->size + room;
	uint64_t capacity = max_u64(sink->capacity, 1 << 20);

	if (needed > UNPACKED_MAX)
		refuse("%s: unpacks to more than %#x bytes", sink->what,
		       UNPACKED_MAX);
	while (capacity < needed)
		capacity *= 2;
	if (capacity == sink->capacity)
		return;
	sink->data = realloc(sink->data, capacity);
	if (sink->data == NULL)
		refuse("%s: no memory for %#lx bytes", sink->what,
		       (unsigned long)capacity);
	sink->capacity = capacity;
}
