/* SPDX-License-Identifier: BSD-2-Clause */
/* common/sum64.c - see sum64.h */
#include "common/sum64.h"

static inline uint64_t load_word(const uint8_t *ptr)
{
	uint64_t word;

	__builtin_memcpy(&word, ptr, sizeof(word));
	return word;
}

static inline uint64_t copy_word(uint8_t *dest, const uint8_t *src)
{
	uint64_t word = load_word(src);

	__builtin_memcpy(dest, &word, sizeof(word));
	return word;
}

static inline uint64_t step(uint64_t sum, uint64_t word)
{
	return (sum << 13 | sum >> 51) + word;
}

uint64_t sum64(uint64_t sum, const void *data, uint64_t size)
{
	const uint8_t *p = data, *end = p + size / 32 * 32;

	for (; p != end; p += 32) {
		sum = step(sum, load_word(p));
		sum = step(sum, load_word(p + 8));
		sum = step(sum, load_word(p + 16));
		sum = step(sum, load_word(p + 24));
	}
	for (end += size % 32 / 8 * 8; p != end; p += 8)
		sum = step(sum, load_word(p));
	size %= 8;
	if (size > 0) {
		uint64_t word = 0;

		while (size > 0)
			word = word << 8 | p[--size];
		sum = step(sum, word);
	}
	return sum;
}

/* Not inlined: the benchmark tells its work from the rest by its name. */
NOINLINE uint64_t sum64_copy(void *dest, const void *src, uint64_t size)
{
	uint8_t *d = dest;
	const uint8_t *s = src;
	uint64_t sum = 0;

	for (; size >= 32; size -= 32, d += 32, s += 32) {
		sum = step(sum, copy_word(d, s));
		sum = step(sum, copy_word(d + 8, s + 8));
		sum = step(sum, copy_word(d + 16, s + 16));
		sum = step(sum, copy_word(d + 24, s + 24));
	}
	__builtin_memcpy(d, s, size);
	return sum64(sum, s, size);
}
