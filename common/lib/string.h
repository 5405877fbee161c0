/* SPDX-License-Identifier: BSD-2-Clause */
/* common/lib/string.h - what the compiler expects of a C library, and more */
#ifndef COMMON_LIB_STRING_H
#define COMMON_LIB_STRING_H

#include "common/lib/compiler.h"

/* Eight bytes of anything, at any address */
typedef uint64_t MAY_ALIAS __attribute__((aligned(1))) any_u64;

void *memcpy(void *dest, const void *src, size_t size);
void *memmove(void *dest, const void *src, size_t size);
void *memset(void *dest, int byte, size_t size);
int memcmp(const void *a, const void *b, size_t size);
size_t strlen(const char *string);
size_t strnlen(const char *string, size_t max);
int strcmp(const char *a, const char *b);

/* Zeros what nobody will read again, and must not. */
void wipe(void *bytes, size_t size);

#define STRING_NUMBER_MAX 20 /* digits of UINT64_MAX in base 10 */

/*
 * Writes `value` in base 10 or 16, and a NUL. Returns a pointer to the NUL.
 * `to` has room for STRING_NUMBER_MAX digits and the NUL.
 */
char *string_put_number(char *to, uint64_t value, unsigned base);

#endif
