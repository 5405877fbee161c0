/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/lib/string_number.c - numbers as text, see string.h
 *
 * The host tool has this file too, but memory and strings of its C library.
 */
#include "common/lib/string.h"

char *string_put_number(char *to, uint64_t value, unsigned base)
{
	char digits[STRING_NUMBER_MAX];
	unsigned count = 0;

	do {
		digits[count++] = "0123456789abcdef"[value % base];
		value /= base;
	} while (value);
	while (count)
		*to++ = digits[--count];
	*to = 0;
	return to;
}
