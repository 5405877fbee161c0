/* SPDX-License-Identifier: BSD-2-Clause */
/* common/string.h - what the compiler and libfdt expect of a C library */
#ifndef COMMON_STRING_H
#define COMMON_STRING_H

#include "common/compiler.h"

void *memcpy(void *dest, const void *src, size_t size);
void *memmove(void *dest, const void *src, size_t size);
void *memset(void *dest, int byte, size_t size);
int memcmp(const void *a, const void *b, size_t size);
size_t strlen(const char *string);
int strcmp(const char *a, const char *b);

/* Freestanding code gets the compiler's short forms only if it asks. */
#define memcpy(dest, src, size)  __builtin_memcpy(dest, src, size)
#define memset(dest, byte, size) __builtin_memset(dest, byte, size)
#define memcmp(a, b, size)       __builtin_memcmp(a, b, size)

#endif
