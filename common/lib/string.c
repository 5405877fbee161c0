/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/lib/string.c - memory and strings, eight bytes at a time
 *
 * If the machine wants alignment, the compiler is told so (-mstrict-align).
 * memcpy() and memset() are in arch/X/lib/copy.c or copy.S.
 */
#include "common/lib/string.h"

void *memmove(void *dest, const void *src, size_t size)
{
	uint8_t *d = dest;
	const uint8_t *s = src;

	if (d < s) {
		for (; size >= 8; size -= 8, d += 8, s += 8)
			*(any_u64 *)d = *(const any_u64 *)s;
		for (; size; size--)
			*d++ = *s++;
		return dest;
	}
	for (; size >= 8; size -= 8)
		*(any_u64 *)(d + size - 8) = *(const any_u64 *)(s + size - 8);
	while (size) {
		size--;
		d[size] = s[size];
	}
	return dest;
}

/*
 * The compiler may leave out a memset() of what nobody reads again. It cannot
 * know which function is called here.
 */
NOINLINE void wipe(void *bytes, size_t size)
{
	void *(*volatile set)(void *, int, size_t) = memset;

	set(bytes, 0, size);
}

NOINLINE int memcmp(const void *a, const void *b, size_t size)
{
	const uint8_t *p = a, *q = b;

	for (; size >= 8 && *(const any_u64 *)p == *(const any_u64 *)q;
	     size -= 8, p += 8, q += 8)
		;
	for (; size; size--, p++, q++) {
		if (*p != *q)
			return *p - *q;
	}
	return 0;
}

NOINLINE size_t strlen(const char *string)
{
	const char *end = string;

	while (*end)
		end++;
	return (size_t)(end - string);
}

size_t strnlen(const char *string, size_t max)
{
	size_t size = 0;

	while (size < max && string[size])
		size++;
	return size;
}

NOINLINE int strcmp(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return (uint8_t)*a - (uint8_t)*b;
}
