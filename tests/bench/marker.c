/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/bench/marker.c - recognises the kernel by the code at its entry */
#include "tests/bench/marker.h"

#include <stdio.h>
#include <string.h>

bool marker_parse(struct marker *marker, const char *text)
{
	const char *colon = strchr(text, ':');
	unsigned int byte;

	if (!colon)
		return false;
	snprintf(marker->name, sizeof(marker->name), "%.*s",
	         (int)(colon - text), text);
	for (const char *hex = colon + 1; *hex; hex += 2) {
		if (marker->size == MARKER_BYTES || !hex[1] ||
		    sscanf(hex, "%2x", &byte) != 1)
			return false;
		marker->bytes[marker->size++] = (uint8_t)byte;
	}
	return marker->size >= MARKER_NEEDED;
}

bool marker_matches(const struct marker *marker, const void *code, size_t size)
{
	if (size > marker->size)
		size = marker->size;
	return size >= MARKER_NEEDED && !memcmp(code, marker->bytes, size);
}
