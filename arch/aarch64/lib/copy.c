/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/aarch64/lib/copy.c - copies and fills memory in words
 *
 * If the machine wants alignment, the compiler is told so (-mstrict-align).
 */
#include "common/lib/string.h"

/* Copies 16 bytes. All are loaded before any is stored. */
static inline void copy16(uint8_t *d, const uint8_t *s)
{
	uint64_t a = ((const any_u64 *)s)[0];
	uint64_t b = ((const any_u64 *)s)[1];

	((any_u64 *)d)[0] = a;
	((any_u64 *)d)[1] = b;
}

/*
 * Copies in blocks of 16 bytes. The last block ends where the data end, so some
 * of its bytes may be copied twice.
 */
void *memcpy(void *dest, const void *src, size_t size)
{
	uint8_t *d = dest;
	const uint8_t *s = src;

	if (size >= 16) {
		const uint8_t *last = s + size - 16;
		const uint8_t *last_two = last - 16;

		for (; s <= last_two; s += 32, d += 32) {
			copy16(d, s);
			copy16(d + 16, s + 16);
		}
		if (s < last)
			copy16(d, s);
		copy16((uint8_t *)dest + size - 16, last);
		return dest;
	}
	if (size >= 8) {
		*(any_u64 *)d = *(const any_u64 *)s;
		*(any_u64 *)(d + size - 8) = *(const any_u64 *)(s + size - 8);
		return dest;
	}
	for (; size; size--)
		*d++ = *s++;
	return dest;
}

static inline void set128(uint8_t *d, uint64_t word)
{
	((any_u64 *)d)[0] = word;
	((any_u64 *)d)[1] = word;
	((any_u64 *)d)[2] = word;
	((any_u64 *)d)[3] = word;
	((any_u64 *)d)[4] = word;
	((any_u64 *)d)[5] = word;
	((any_u64 *)d)[6] = word;
	((any_u64 *)d)[7] = word;
	((any_u64 *)d)[8] = word;
	((any_u64 *)d)[9] = word;
	((any_u64 *)d)[10] = word;
	((any_u64 *)d)[11] = word;
	((any_u64 *)d)[12] = word;
	((any_u64 *)d)[13] = word;
	((any_u64 *)d)[14] = word;
	((any_u64 *)d)[15] = word;
}

void *memset(void *dest, int byte, size_t size)
{
	uint8_t *d = dest;
	uint64_t word = 0x0101010101010101ULL * (uint8_t)byte;

	if (size >= 128) {
		uint8_t *last = d + size - 128;

		for (; d < last; d += 128)
			set128(d, word);
		set128(last, word);
		return dest;
	}
	for (; size >= 8; size -= 8, d += 8)
		*(any_u64 *)d = word;
	for (; size; size--)
		*d++ = word;
	return dest;
}
