/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/fuzz/edit_tree.h - spoils a device tree as a VMM might get it wrong */
#ifndef TESTS_FUZZ_EDIT_TREE_H
#define TESTS_FUZZ_EDIT_TREE_H

#include "tests/fuzz/fuzz.h"

/* Changes up to five cells of properties. The tree stays a whole one. */
void edit_tree_cells(struct fuzz_input *input, uint8_t *fdt);

#endif
