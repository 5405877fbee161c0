/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/fuzz/plain.c - bytes to pack, see plain.h */
#include "tests/fuzz/plain.h"

#include <stdlib.h>
#include <string.h>

#include "tests/unit/test.h"

uint8_t plain[PLAIN_MAX];

uint32_t plain_make(struct fuzz_input *input)
{
	uint32_t size = fuzz_u16(input) % (PLAIN_MAX + 1);
	uint32_t letters, at = 0;

	test_seed = fuzz_u8(input);
	letters = 1 + test_random_below(256);
	while (at < size) {
		uint32_t kind = test_random_below(5);
		uint32_t length = 1 + test_random_below(kind == 0 ? 3000 : 60);
		uint32_t reach = kind == 2 ? PLAIN_MAX : 30;
		uint32_t distance = 1 + test_random_below(reach);

		for (; length > 0 && at < size; length--, at++)
			plain[at] =
				kind == 1 || distance > at
					? (uint8_t)test_random_below(letters)
					: plain[at - distance];
	}
	return size;
}

uint8_t *plain_exact(const void *data, size_t size)
{
	uint8_t *copy = malloc(size > 0 ? size : 1);

	memcpy(copy, data, size);
	return copy;
}
