/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/unit/tree_text.h - a device tree as text, to compare with what a test
 * wants
 *
 *	/
 *	 #address-cells 2
 *	/memory@40000000
 *	 device_type "memory"
 *	 reg 0 40000000 0 10000000
 *
 * Each node has a line, its path, and each of its properties one. A value is
 * strings, if it looks like strings, or cells, which are hexadecimal.
 */
#ifndef TESTS_UNIT_TREE_TEXT_H
#define TESTS_UNIT_TREE_TEXT_H

/* Returns the text of the tree's node at `path` and of all nodes in it. */
const char *tree_text(const void *fdt, const char *path);

#endif
