/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/bench/marker.h - the bytes at one entry point of the kernel */
#ifndef TESTS_BENCH_MARKER_H
#define TESTS_BENCH_MARKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MARKER_BYTES  64
#define MARKER_NEEDED 8 /* bytes that must be there to compare */

struct marker {
	char name[32];
	uint8_t bytes[MARKER_BYTES];
	size_t size;
};

/* Reads "NAME:HEX". */
bool marker_parse(struct marker *marker, const char *text);

/* Tells whether `code`, of `size` readable bytes, is this marker's code. */
bool marker_matches(const struct marker *marker, const void *code, size_t size);

#endif
