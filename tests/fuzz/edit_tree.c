/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/fuzz/edit_tree.c - spoils a device tree, see edit_tree.h */
#include "tests/fuzz/edit_tree.h"

#include <string.h>

static uint32_t be32(const uint8_t *at)
{
	return (uint32_t)at[0] << 24 | at[1] << 16 | at[2] << 8 | at[3];
}

/* Finds the property of that number, and its value. Returns the size. */
static uint32_t find_value(uint8_t *fdt, uint32_t number, uint8_t **value)
{
	uint32_t at = be32(fdt + 8), end = at + be32(fdt + 36);
	uint32_t last = 0;

	while (at + 12 <= end) {
		uint32_t token = be32(fdt + at);

		at += 4;
		if (token == 1) /* FDT_BEGIN_NODE */
			at += (uint32_t)(strlen((char *)fdt + at) + 4) & ~3u;
		if (token != 3) /* FDT_PROP */
			continue;
		last = at;
		if (number-- == 0)
			break;
		at += 8 + ((be32(fdt + at) + 3) & ~3u);
	}
	*value = fdt + last + 8;
	return be32(fdt + last);
}

void edit_tree_cells(struct fuzz_input *input, uint8_t *fdt)
{
	for (uint32_t i = fuzz_u8(input) % 6; i; i--) {
		uint8_t *value;
		uint32_t number = fuzz_u16(input) % 700;
		uint32_t size = find_value(fdt, number, &value);
		uint32_t cell = size >= 4 ? fuzz_u8(input) % (size / 4) : 0;
		uint64_t odd = fuzz_odd(input);

		if (size < 4)
			continue;
		for (uint32_t j = 0; j < 4; j++)
			value[cell * 4 + j] = (uint8_t)(odd >> (24 - 8 * j));
	}
}
