/* SPDX-License-Identifier: BSD-2-Clause */
/* common/lib/sum64.c - see sum64.h */
#include "common/lib/sum64.h"

static inline uint64_t load_word(const uint8_t *ptr)
{
	uint64_t word;

	__builtin_memcpy(&word, ptr, sizeof(word));
	return word;
}

static inline void store_word(uint8_t *ptr, uint64_t word)
{
	__builtin_memcpy(ptr, &word, sizeof(word));
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

/* Both words are loaded before one is stored; some CPUs load both at once. */
static inline uint64_t copy_two(uint64_t sum, uint8_t *d, const uint8_t *s)
{
	uint64_t a = load_word(s);
	uint64_t b = load_word(s + 8);

	store_word(d, a);
	store_word(d + 8, b);
	return step(step(sum, a), b);
}

/*
 * This function is not inlined, because the benchmark tells its work from the
 * rest by its name.
 */
NOINLINE uint64_t sum64_copy(void *dest, const void *src, uint64_t size)
{
	uint8_t *d = dest;
	const uint8_t *s = src, *end = s + size / 32 * 32;
	uint64_t sum = 0;

	for (; s != end; d += 32, s += 32) {
		sum = copy_two(sum, d, s);
		sum = copy_two(sum, d + 16, s + 16);
	}
	for (uint64_t i = 0; i < size % 32; i++)
		d[i] = s[i];
	return sum64(sum, s, size % 32);
}
