/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/fuzz/judge_tree.c - a reader of device trees, see judge.h
 *
 * Devicetree Specification 0.4, chapter 5, and the rules of chapter 2 that a
 * kernel relies on: names are apart, a phandle has one node, and what names an
 * interrupt parent names a node.
 */
#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/judge.h"

#define NODE_MAX  4096
#define DEPTH_MAX 16

static uint32_t phandles[NODE_MAX], parents[NODE_MAX];
static uint32_t phandle_count, parent_count;
static bool is_odd; /* chapter 2 has another rule */

static uint32_t be32(const uint8_t *at)
{
	return (uint32_t)at[0] << 24 | at[1] << 16 | at[2] << 8 | at[3];
}

struct tree {
	const uint8_t *bytes;
	uint32_t size, strings, strings_size, nodes, nodes_size;
};

static struct tree open_tree(const uint8_t *fdt, uint32_t room)
{
	const struct tree tree = {
		.bytes = fdt,
		.size = be32(fdt + 4),
		.nodes = be32(fdt + 8),
		.nodes_size = be32(fdt + 36),
		.strings = be32(fdt + 12),
		.strings_size = be32(fdt + 32),
	};
	uint32_t reserved = be32(fdt + 16);

	FUZZ_EXPECT(be32(fdt) == 0xd00dfeed);
	FUZZ_EXPECT(tree.size <= room && tree.size >= 40);
	FUZZ_EXPECT(be32(fdt + 20) >= 17 && be32(fdt + 24) <= 17);
	FUZZ_EXPECT(tree.nodes % 4 == 0 && reserved % 8 == 0);
	FUZZ_EXPECT(tree.nodes <= tree.size &&
	            tree.nodes_size <= tree.size - tree.nodes);
	FUZZ_EXPECT(tree.strings <= tree.size &&
	            tree.strings_size <= tree.size - tree.strings);
	FUZZ_EXPECT(reserved + 16 <= tree.size);
	return tree;
}

static void note_property(const char *name, const uint8_t *value, uint32_t size)
{
	if (!strcmp(name, "phandle")) {
		FUZZ_EXPECT(phandle_count < NODE_MAX);
		if (size != 4)
			return;
		for (uint32_t i = 0; i < phandle_count; i++)
			is_odd |= phandles[i] == be32(value);
		phandles[phandle_count++] = be32(value);
	}
	if (!strcmp(name, "interrupt-parent")) {
		FUZZ_EXPECT(parent_count < NODE_MAX);
		if (size != 4)
			return;
		parents[parent_count++] = be32(value);
	}
	if (!strcmp(name, "compatible"))
		is_odd |= !size || value[size - 1];
	if (!strcmp(name, "#address-cells") || !strcmp(name, "#size-cells"))
		is_odd |= size != 4 || be32(value) > 4;
}

/* Reads one property and returns where the next token is. */
static uint32_t read_property(const struct tree *tree, uint32_t at,
                              uint32_t end)
{
	uint32_t size = be32(tree->bytes + at);
	uint32_t offset = be32(tree->bytes + at + 4);
	const char *name = (const char *)tree->bytes + tree->strings + offset;

	FUZZ_EXPECT(offset < tree->strings_size);
	FUZZ_EXPECT(memchr(name, 0, tree->strings_size - offset));
	at += 8;
	FUZZ_EXPECT(at <= end && size <= end - at);
	note_property(name, tree->bytes + at, size);
	return at + (size + 3) / 4 * 4;
}

static void read_nodes(const struct tree *tree)
{
	uint32_t at = tree->nodes, end = at + tree->nodes_size, depth = 0;

	for (;;) {
		uint32_t token;

		FUZZ_EXPECT(at + 4 <= end);
		token = be32(tree->bytes + at);
		at += 4;
		if (token == 9) /* FDT_END */
			break;
		switch (token) {
		case 1: { /* FDT_BEGIN_NODE */
			const char *name = (const char *)tree->bytes + at;
			size_t length = strnlen(name, end - at);

			FUZZ_EXPECT(length < end - at);
			FUZZ_EXPECT((depth == 0) == (length == 0));
			FUZZ_EXPECT(depth++ < DEPTH_MAX);
			at += (uint32_t)(length + 4) / 4 * 4;
			break;
		}
		case 2: /* FDT_END_NODE */
			FUZZ_EXPECT(depth-- > 0);
			break;
		case 3: /* FDT_PROP */
			at = read_property(tree, at, end);
			break;
		default:
			FUZZ_EXPECT(token == 4); /* FDT_NOP */
		}
	}
	FUZZ_EXPECT(depth == 0);
}

void judge_tree(const void *fdt, uint32_t room, bool is_ours)
{
	const struct tree tree = open_tree(fdt, room);

	phandle_count = parent_count = 0;
	is_odd = false;
	read_nodes(&tree);
	FUZZ_EXPECT(!is_odd || !is_ours);
	for (uint32_t i = 0; is_ours && i < parent_count; i++) {
		bool is_known = false;

		for (uint32_t j = 0; j < phandle_count; j++)
			is_known |= phandles[j] == parents[i];
		FUZZ_EXPECT(is_known);
	}
}
