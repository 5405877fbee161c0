/* SPDX-License-Identifier: BSD-2-Clause */
/* common/fdt.c - reads a flattened device tree, see fdt.h */
#include "common/fdt.h"

#include "common/console.h"
#include "common/fdt_format.h"
#include "common/machine.h"
#include "common/string.h"

#define LEVEL_PROPERTIES                                                       \
	(1ull << FDT_ADDRESS_CELLS | 1ull << FDT_SIZE_CELLS |                  \
	 1ull << FDT_INTERRUPT_PARENT | 1ull << FDT_RANGES)

/* All cells lie at multiples of 4. */
static inline uint32_t load_cell(const void *ptr)
{
	return __builtin_bswap32(((const struct fdt_cell *)ptr)->value);
}

static inline uint64_t load_word(const void *ptr)
{
	uint64_t word;

	__builtin_memcpy(&word, ptr, sizeof(word));
	return word;
}

uint32_t fdt_size(const void *base)
{
	const struct fdt_cell *header = base;

	if (load_cell(&header[FDT_HEADER_MAGIC]) != FDT_MAGIC)
		return 0;
	return load_cell(&header[FDT_HEADER_TOTAL_SIZE]);
}

/* A part of the tree, as the header has it, proven to lie in it. */
static const uint8_t *part(const void *base, const char *name, uint32_t offset,
                           uint32_t size)
{
	uint32_t total = fdt_size(base);

	if (offset % FDT_CELL_SIZE != 0 && name[1] != 't') /* strings may */
		panic("fdt: %s at %#x: must be at a multiple of 4", name,
		      offset);
	if (!is_within(offset, size, total))
		panic("fdt: %s: %#x bytes at %#x: the tree has only %#x", name,
		      size, offset, total);
	return (const uint8_t *)base + offset;
}

void fdt_open(struct fdt *fdt, const void *base, uint64_t available)
{
	const struct fdt_cell *header = base;
	uint32_t total, size;

	if (available < FDT_HEADER_SIZE ||
	    load_cell(&header[FDT_HEADER_MAGIC]) != FDT_MAGIC)
		panic("fdt: none at %#lx", paddr_of(base));
	total = load_cell(&header[FDT_HEADER_TOTAL_SIZE]);
	if (total < FDT_HEADER_SIZE || total > available)
		panic("fdt: %#x bytes: from %#x to %#lx", total,
		      FDT_HEADER_SIZE, available);
	if (load_cell(&header[FDT_HEADER_LAST_VERSION]) > FDT_VERSION ||
	    load_cell(&header[FDT_HEADER_VERSION]) < FDT_VERSION)
		panic("fdt: version %u: must be %u",
		      load_cell(&header[FDT_HEADER_VERSION]), FDT_VERSION);

	size = load_cell(&header[FDT_HEADER_SIZE_STRUCT]);
	fdt->cursor = part(base, "nodes",
	                   load_cell(&header[FDT_HEADER_OFF_STRUCT]), size);
	fdt->end = fdt->cursor + size;
	size = load_cell(&header[FDT_HEADER_SIZE_STRINGS]);
	fdt->strings = (const char *)part(
		base, "strings", load_cell(&header[FDT_HEADER_OFF_STRINGS]),
		size);
	fdt->strings_size = size;
	if (size && fdt->strings[size - 1])
		panic("fdt: strings: the last of %#x has no end", size);
	fdt->reservations =
		part(base, "reservations",
	             load_cell(&header[FDT_HEADER_OFF_RESERVATIONS]), 0);
	fdt->reservations_end = (const uint8_t *)base + total;

	fdt->depth = 0;
	fdt->levels[0] = (struct fdt_level){ .has_ranges = true };
	memset(fdt->known, 0,
	       min_u64(align_up(size, sizeof(uint64_t)), FDT_CACHE_SIZE));
}

/* Eight characters as a number that sorts like them; zeros after a NUL. */
static uint64_t order_word(const char *name, uint64_t available, bool *is_last)
{
	uint64_t word = 0, zeros;

	if (available < sizeof(word))
		memcpy(&word, name, available);
	else
		word = load_word(name);
	zeros = (word - 0x0101010101010101) & ~word & 0x8080808080808080;
	*is_last = zeros != 0;
	if (zeros)
		word &= (1ull << (__builtin_ctzll(zeros) - 7)) - 1;
	return __builtin_bswap64(word);
}

uint32_t fdt_find_name(const char *rows, uint32_t count, const char *name,
                       uint64_t available)
{
	const char *row = rows;
	bool is_short;
	uint64_t word = order_word(name, available, &is_short);

	/* The last row that does not begin with more. */
	while (count > 1) {
		uint32_t half = count / 2;

		if (__builtin_bswap64(load_word(row + half * FDT_NAME_MAX)) <=
		    word)
			row += half * FDT_NAME_MAX;
		count -= half;
	}
	for (; __builtin_bswap64(load_word(row)) == word; row -= FDT_NAME_MAX) {
		if (is_short || !strcmp(name + 8, row + 8))
			return (uint32_t)(row - rows) / FDT_NAME_MAX;
		if (row == rows)
			break;
	}
	return FDT_NAME_UNKNOWN;
}

static uint32_t resolve_name(struct fdt *fdt, uint32_t offset)
{
	uint32_t property;

	if (offset >= fdt->strings_size)
		panic("fdt: name at %#x: there are %#x", offset,
		      fdt->strings_size);
	property = fdt_find_name(fdt_names.read[0], FDT_READ_COUNT,
	                         fdt->strings + offset,
	                         fdt->strings_size - offset);
	if (offset < FDT_CACHE_SIZE)
		fdt->known[offset] = property + 1;
	return property;
}

/* Takes the properties at the cursor; what follows is a node's begin or end. */
static void take_properties(struct fdt *fdt)
{
	const uint8_t *cursor = fdt->cursor;
	const uint8_t *end = fdt->end;
	uint64_t present = 0;

	for (;;) {
		uint32_t size, offset, property = 0, tag;

		if (end - cursor < FDT_CELL_SIZE)
			panic("fdt: nodes: end before their end");
		tag = load_cell(cursor);
		if (tag == FDT_TAG_NOP) {
			cursor += FDT_CELL_SIZE;
			continue;
		}
		if (tag != FDT_TAG_PROPERTY)
			break;
		if (end - cursor < FDT_PROPERTY_HEADER_SIZE)
			panic("fdt: nodes: end before their end");
		size = load_cell(cursor + 4);
		offset = load_cell(cursor + 8);
		cursor += FDT_PROPERTY_HEADER_SIZE;
		if (size > (uint64_t)(end - cursor))
			panic("fdt: %s: property of %#x bytes: there are %#lx",
			      fdt_name(fdt), size, (uint64_t)(end - cursor));

		if (offset < FDT_CACHE_SIZE)
			property = fdt->known[offset];
		property = property ? property - 1 : resolve_name(fdt, offset);
		if (property < FDT_READ_COUNT) {
			present |= 1ull << property;
			fdt->values[property].data = cursor;
			fdt->values[property].size = size;
		}
		cursor += (uint32_t)align_up(size, FDT_CELL_SIZE);
	}
	fdt->cursor = cursor;
	fdt->present = present;
}

/* Names end in zeros up to the next cell: look at one cell at a time. */
static void take_name(struct fdt *fdt)
{
	const uint8_t *cursor = fdt->cursor;
	uint32_t cell;

	do {
		if (fdt->end - cursor < FDT_CELL_SIZE)
			panic("fdt: nodes: end in a name");
		cell = ((const struct fdt_cell *)cursor)->value;
		cursor += FDT_CELL_SIZE;
	} while (!((cell - 0x01010101) & ~cell & 0x80808080));
	if (++fdt->depth > FDT_DEPTH_MAX)
		panic("fdt: nodes: more than %u deep", FDT_DEPTH_MAX);
	fdt->levels[fdt->depth].name = (const char *)fdt->cursor;
	fdt->cursor = cursor;
}

/* What the properties say about the node's children. */
static void enter_level(struct fdt *fdt)
{
	struct fdt_level *level = &fdt->levels[fdt->depth];

	level->address_cells = 2;
	level->size_cells = 1;
	level->interrupt_parent = level[-1].interrupt_parent;
	level->has_ranges = false;
	if (!(fdt->present & LEVEL_PROPERTIES))
		return;
	level->address_cells = fdt_get_u32(fdt, FDT_ADDRESS_CELLS, 2);
	level->size_cells = fdt_get_u32(fdt, FDT_SIZE_CELLS, 1);
	level->interrupt_parent =
		fdt_get_u32(fdt, FDT_INTERRUPT_PARENT, level->interrupt_parent);
	level->has_ranges = fdt_has(fdt, FDT_RANGES);
	level->ranges = fdt_get(fdt, FDT_RANGES);
}

bool fdt_next(struct fdt *fdt)
{
	for (;;) {
		uint32_t tag;

		if (fdt->end - fdt->cursor < FDT_CELL_SIZE)
			panic("fdt: nodes: end before their end");
		tag = load_cell(fdt->cursor);
		fdt->cursor += FDT_CELL_SIZE;
		if (tag == FDT_TAG_BEGIN_NODE)
			break;
		if (tag == FDT_TAG_END && !fdt->depth)
			return false;
		if (tag == FDT_TAG_END_NODE && fdt->depth)
			fdt->depth--;
		else if (tag != FDT_TAG_NOP)
			panic("fdt: nodes: tag %#x at depth %u", tag,
			      fdt->depth);
	}
	take_name(fdt);
	take_properties(fdt);
	enter_level(fdt);
	return true;
}
