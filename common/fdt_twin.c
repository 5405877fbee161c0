/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/fdt_twin.c - nodes that equal the one before but for their numbers
 *
 * CPUs, cores and virtio-mmio slots are most of a VMM's tree. Where one equals
 * its neighbour in all but the name and the values of a few properties, it has
 * its values where that has them: to compare is cheaper than to take it apart.
 */
#include "common/fdt.h"
#include "common/fdt_format.h"

#define STEP          16                          /* bytes compared at a time */
#define TWIN_SIZE_MAX (64 * FDT_CELL_SIZE - STEP) /* struct fdt: varying */

static inline uint64_t load_word(const uint8_t *ptr)
{
	uint64_t word;

	__builtin_memcpy(&word, ptr, sizeof(word));
	return word;
}

static inline uint32_t load_cell(const uint8_t *ptr)
{
	return __builtin_bswap32(((const struct fdt_cell *)ptr)->value);
}

/* A bit for each cell of the property's value, counted from the name's end. */
static uint64_t value_cells(const struct fdt *fdt, enum fdt_property property)
{
	const struct fdt_value *value = &fdt->values[property];
	uint64_t count, first;

	if (!fdt_has(fdt, property))
		return 0;
	count = align_up(value->size, FDT_CELL_SIZE) / FDT_CELL_SIZE;
	first = (value->data - fdt->name_end) / FDT_CELL_SIZE;
	return ((1ull << count) - 1) << first;
}

/* Which of `size` bytes may differ? Also those behind them. */
static NOINLINE uint64_t find_varying(const struct fdt *fdt, uint64_t size)
{
	return value_cells(fdt, FDT_REG) | value_cells(fdt, FDT_INTERRUPTS) |
	       value_cells(fdt, FDT_PHANDLE) | value_cells(fdt, FDT_CPU) |
	       ~0ull << size / FDT_CELL_SIZE;
}

/* Do the words of a step differ only in cells that `varying` has bits for? */
static inline bool may_differ(uint64_t varying, const uint8_t *p,
                              const uint8_t *q)
{
	uint64_t a = load_word(p) ^ load_word(q);
	uint64_t b = load_word(p + 8) ^ load_word(q + 8);

	return !(((uint32_t)a && !(varying & 1)) ||
	         (a >> 32 && !(varying & 2)) ||
	         ((uint32_t)b && !(varying & 4)) ||
	         (b >> 32 && !(varying & 8)));
}

/* From their names' ends on. */
static inline bool are_twins(const uint8_t *p, const uint8_t *q, uint64_t size,
                             uint64_t varying)
{
	const uint8_t *begin = q, *end = q + size;

	for (; q < end; p += STEP, q += STEP) {
		if (load_word(p) == load_word(q) &&
		    load_word(p + 8) == load_word(q + 8))
			continue;
		if (!may_differ(varying >> (q - begin) / FDT_CELL_SIZE, p, q))
			return false;
	}
	return true;
}

static inline void move_value(struct fdt *fdt, enum fdt_property property,
                              uint64_t size)
{
	if (fdt_has(fdt, property))
		fdt->values[property].data += size;
}

bool fdt_take_twin(struct fdt *fdt)
{
	const uint8_t *next = fdt->cursor + FDT_CELL_SIZE;
	uint64_t distance = next - fdt->node;
	uint64_t size = next - fdt->name_end;

	if (size > TWIN_SIZE_MAX ||
	    fdt->end - next < (ptrdiff_t)(distance + STEP) ||
	    load_cell(fdt->cursor) != FDT_TAG_END_NODE ||
	    load_cell(next) != FDT_TAG_BEGIN_NODE ||
	    fdt->name_end[distance - 1])
		return false;
	if (!fdt->varying)
		fdt->varying = find_varying(fdt, size);
	if (!are_twins(fdt->name_end, fdt->name_end + distance, size,
	               fdt->varying))
		return false;

	move_value(fdt, FDT_REG, distance);
	move_value(fdt, FDT_INTERRUPTS, distance);
	move_value(fdt, FDT_PHANDLE, distance);
	move_value(fdt, FDT_CPU, distance);
	fdt->levels[fdt->depth].name = (const char *)next + FDT_CELL_SIZE;
	fdt->node = next;
	fdt->name_end += distance;
	fdt->cursor += distance;
	return true;
}
