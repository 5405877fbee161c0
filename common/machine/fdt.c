/* SPDX-License-Identifier: BSD-2-Clause */
/* common/machine/fdt.c - reads a flattened device tree, see fdt.h */
#include "common/machine/fdt.h"

#include "common/lib/console.h"
#include "common/machine/fdt_format.h"
#include "common/machine/machine.h"
#include "common/lib/string.h"

/* In struct fdt: known */
#define FDT_UNRESOLVED 0xff

#define ONES           0x0101010101010101ull

#define LEVEL_PROPERTIES                                                       \
	(1ull << FDT_ADDRESS_CELLS | 1ull << FDT_SIZE_CELLS |                  \
	 1ull << FDT_INTERRUPT_PARENT | 1ull << FDT_RANGES)

/* All cells lie at multiples of 4. */
static inline uint32_t load_cell(const void *ptr)
{
	return __builtin_bswap32(((const struct fdt_cell *)ptr)->value);
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
	fdt->end = fdt->cursor + align_down(size, FDT_CELL_SIZE);
	if (size < FDT_CELL_SIZE)
		panic("fdt: nodes: %#x bytes: none", size);
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
	fdt->known_count = min_u64(size, FDT_CACHE_SIZE);
	memset(fdt->known, FDT_UNRESOLVED,
	       align_up(fdt->known_count, sizeof(uint64_t)));
}

/* A property whose value is at `value`; what follows it. */
static inline const uint8_t *take(struct fdt *fdt, uint32_t property,
                                  const uint8_t *value, uint32_t size)
{
	fdt->values[property].data = value;
	fdt->values[property].size = size;
	return value + align_up(size, FDT_CELL_SIZE);
}

/* Which property's name is at `offset`? Most names come again and again. */
static INLINE uint32_t resolve(struct fdt *fdt, uint32_t offset)
{
	const char *name = fdt->strings + offset;
	uint32_t property;

	if (offset >= fdt->strings_size)
		panic("fdt: name at %#x: there are %#x", offset,
		      fdt->strings_size);
	/* The strings end in a NUL, so that no name does behind them. */
	property =
		fdt_find_name(name, (const char *)fdt->reservations_end - name);
	if (offset < fdt->known_count)
		fdt->known[offset] = property;
	return property;
}

/* Takes the properties at the cursor; which ones there are. */
static INLINE uint64_t take_properties(struct fdt *fdt)
{
	const uint8_t *cursor = fdt->cursor;
	uint64_t present = 0, left;

	while ((left = fdt->end - cursor) >= FDT_PROPERTY_HEADER_SIZE) {
		uint32_t size, offset, property = FDT_UNRESOLVED;

		if (load_cell(cursor) != FDT_TAG_PROPERTY) {
			if (load_cell(cursor) != FDT_TAG_NOP)
				break;
			cursor += FDT_CELL_SIZE;
			continue;
		}
		size = load_cell(cursor + 4);
		offset = load_cell(cursor + 8);
		if (size > left - FDT_PROPERTY_HEADER_SIZE)
			panic("fdt: %s: property of %#x bytes: there are %#lx",
			      fdt_name(fdt), size,
			      left - FDT_PROPERTY_HEADER_SIZE);
		if (offset < fdt->known_count)
			property = fdt->known[offset];
		if (property == FDT_UNRESOLVED)
			property = resolve(fdt, offset);
		present |= 1ull << property;
		cursor = take(fdt, property, cursor + FDT_PROPERTY_HEADER_SIZE,
		              size);
	}
	fdt->cursor = cursor;
	fdt->present = present;
	return present;
}

/* Names end in zeros up to the next cell; two more cells follow in any case. */
static inline void take_name(struct fdt *fdt, const uint8_t *cursor)
{
	const uint8_t *name = cursor;
	uint64_t zeros;

	do {
		uint64_t word;

		if (fdt->end - cursor < (ptrdiff_t)sizeof(word))
			panic("fdt: nodes: end in a name");
		__builtin_memcpy(&word, cursor, sizeof(word));
		zeros = (word - ONES) & ~word & ONES << 7;
		cursor += sizeof(word);
	} while (!zeros);
	if ((uint32_t)zeros)
		cursor -= FDT_CELL_SIZE;
	if (++fdt->depth > FDT_DEPTH_MAX)
		panic("fdt: nodes: more than %u deep", FDT_DEPTH_MAX);
	fdt->levels[fdt->depth].name = (const char *)name;
	fdt->cursor = cursor;
}

/* What the properties say about the node's children. */
static inline void enter_level(struct fdt *fdt, uint64_t present)
{
	struct fdt_level *level = &fdt->levels[fdt->depth];

	level->present = present;
	level->address_cells = 2;
	level->size_cells = 1;
	level->interrupt_parent = level[-1].interrupt_parent;
	level->has_ranges = false;
	if (!(present & LEVEL_PROPERTIES))
		return;
	level->address_cells = fdt_get_u32(fdt, FDT_ADDRESS_CELLS, 2);
	level->size_cells = fdt_get_u32(fdt, FDT_SIZE_CELLS, 1);
	level->interrupt_parent =
		fdt_get_u32(fdt, FDT_INTERRUPT_PARENT, level->interrupt_parent);
	level->has_ranges = fdt_has(fdt, FDT_RANGES);
	level->ranges = fdt_get(fdt, FDT_RANGES);
}

/* Goes behind the next begin of a node, out of as many nodes as end before. */
static inline const uint8_t *find_node(struct fdt *fdt)
{
	const uint8_t *cursor = fdt->cursor;

	for (;;) {
		uint32_t tag;

		if (fdt->end - cursor < FDT_CELL_SIZE)
			panic("fdt: nodes: end before their end");
		tag = load_cell(cursor);
		cursor += FDT_CELL_SIZE;
		if (tag == FDT_TAG_BEGIN_NODE)
			return cursor;
		if (tag == FDT_TAG_END && !fdt->depth)
			return NULL;
		if (tag == FDT_TAG_END_NODE && fdt->depth)
			fdt->depth--;
		else if (tag != FDT_TAG_NOP)
			panic("fdt: nodes: tag %#x at depth %u", tag,
			      fdt->depth);
	}
}

bool fdt_next(struct fdt *fdt)
{
	const uint8_t *cursor = find_node(fdt);

	if (!cursor)
		return false;
	fdt->node = cursor - FDT_CELL_SIZE;
	take_name(fdt, cursor);
	fdt->name_end = fdt->cursor;
	enter_level(fdt, take_properties(fdt));
	return true;
}
