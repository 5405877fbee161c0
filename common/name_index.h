/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/name_index.h - which of some known names is it?
 *
 * Names are rows of constants: pointers would need relocation. An index over
 * them, by a hash of their first eight characters, costs ten instructions a row
 * to make and some forty a name to ask.
 */
#ifndef COMMON_NAME_INDEX_H
#define COMMON_NAME_INDEX_H

#include "common/compiler.h"

#define NAME_ROW_SIZE 24 /* of a name, filled up with at least one NUL */
#define NAME_ROW_MAX  64
#define NAME_HASH_MAX 64
#define NAME_UNKNOWN  0xfe

struct name_index {
	const char *rows;
	uint8_t heads[NAME_HASH_MAX]; /* row + 1; 0: none */
	uint8_t next[NAME_ROW_MAX];
};

void name_index_make(struct name_index *index, const char *rows,
                     uint32_t count);

/* The row of `name`, of which `available` bytes may be read; or NAME_UNKNOWN */
uint32_t name_index_find(const struct name_index *index, const char *name,
                         uint64_t available);

#endif
