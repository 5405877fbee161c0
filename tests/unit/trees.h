/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/unit/trees.h - device trees of VMMs, from tests/unit/fdts/
 *
 * The build compiles them by dtc into fdts/ beside the test programs.
 */
#ifndef TESTS_UNIT_TREES_H
#define TESTS_UNIT_TREES_H

#include "common/boot.h"

struct trees_blob {
	uint8_t *data;
	uint32_t size;
};

#define TREES_COUNT 11

/* Where the programs are: argv[0]. */
void trees_init(const char *program);

const char *trees_name(unsigned index);

/* Bytes of a heap block of just that size; the caller frees them. */
struct trees_blob trees_load(const char *name);

/* The machine of a tree, whose bytes stay, for what points into them. */
void trees_fill_machine(struct machine *machine, const char *name);

#endif
