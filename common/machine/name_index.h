/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/machine/name_index.h - which of some known names is it?
 *
 * Names are rows of constants: pointers would need relocation. Each row has a
 * place of its own by the hash of its name's first 16 characters, so that a
 * name is asked for in some thirty instructions, and nothing is to be made
 * first. The places are constants, too; tests/unit/test_fdt.c tells where a
 * name belongs, and whether the hash has to become another.
 */
#ifndef COMMON_MACHINE_NAME_INDEX_H
#define COMMON_MACHINE_NAME_INDEX_H

#include "common/lib/compiler.h"

#define NAME_ROW_SIZE 24 /* of a name, filled up with at least one NUL */
#define NAME_PLACES   128
#define NAME_UNKNOWN  0xfe

struct name_index {
	uint8_t places[NAME_PLACES]; /* row + 1; 0: none */
};

/*
 * The row of `name`, or NAME_UNKNOWN. From it on `available` bytes may be read,
 * in which it has its NUL.
 */
uint32_t name_index_find(const struct name_index *index, const char *rows,
                         const char *name, uint64_t available);

/* The place of a name, all NAME_ROW_SIZE bytes of it. */
uint32_t name_index_place(const char *row);

#endif
