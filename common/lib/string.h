/* SPDX-License-Identifier: BSD-2-Clause */
/* common/lib/string.h - what the compiler expects of a C library, and a little
 */
#ifndef COMMON_LIB_STRING_H
#define COMMON_LIB_STRING_H

#include "common/lib/compiler.h"

void *memcpy(void *dest, const void *src, size_t size);
void *memmove(void *dest, const void *src, size_t size);
void *memset(void *dest, int byte, size_t size);
int memcmp(const void *a, const void *b, size_t size);
size_t strlen(const char *string);
int strcmp(const char *a, const char *b);

#endif
