/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/unit/trees.h - device trees of VMMs, from tests/unit/fdts/
 *
 * The build compiles them with dtc into fdts/ beside the test programs.
 */
#ifndef TESTS_UNIT_TREES_H
#define TESTS_UNIT_TREES_H

#include "common/boot.h"

struct trees_blob {
	uint8_t *data;
	uint32_t size;
};

#define TREES_COUNT 12

/* `program` is argv[0], beside which the trees are. */
void trees_init(const char *program);

/* The same for a fuzz target, which is in another folder of the build. */
void trees_init_fuzz(const char *program);

const char *trees_name(unsigned index);

/* Reads a tree into a heap block of exactly its size. The caller frees it. */
struct trees_blob trees_load(const char *name);

/* Fills the machine of a tree. The tree's bytes stay, for pointers to them. */
void trees_fill_machine(struct machine *machine, const char *name);

#endif
