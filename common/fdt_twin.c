/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/fdt_twin.c - nodes that equal the one before but for their numbers
 *
 * CPUs, cores and virtio-mmio slots are most of a VMM's tree. Where one equals
 * its neighbour in all but the name and the values of a few properties, it has
 * its values where that has them: to compare is cheaper than to take it apart.
 * Cheaper still is to foretell the whole node, where even those values follow
 * from the node before.
 */
#include "common/fdt.h"

#include "common/fdt_format.h"
#include "common/string.h"

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

/* What the walk keeps of a node, for an equal one `distance` bytes on. */
static inline void move_on(struct fdt *fdt, uint64_t distance)
{
	move_value(fdt, FDT_REG, distance);
	move_value(fdt, FDT_INTERRUPTS, distance);
	move_value(fdt, FDT_PHANDLE, distance);
	move_value(fdt, FDT_CPU, distance);
	fdt->levels[fdt->depth].name += distance;
	fdt->node += distance;
	fdt->name_end += distance;
	fdt->cursor += distance;
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

	move_on(fdt, distance);
	return true;
}

/* A node from its name's end on, as the next of a row must have it. */
struct forecast {
	uint64_t words[(TWIN_SIZE_MAX + STEP) / sizeof(uint64_t)];
	struct fdt_cell scratch; /* where steps go that there are not */
	struct {
		struct fdt_cell *cell;
		uint32_t value;
		uint32_t step;
	} steps[FDT_STEP_MAX];
};

static inline void forecast_make(struct forecast *forecast,
                                 const struct fdt *fdt, uint64_t size,
                                 const struct fdt_step *steps, uint32_t count)
{
	struct fdt_cell *cells = (struct fdt_cell *)forecast->words;

	memcpy(cells, fdt->name_end, size);
	for (uint32_t i = 0; i < FDT_STEP_MAX; i++) {
		const struct fdt_value *value;

		forecast->steps[i].cell = &forecast->scratch;
		forecast->steps[i].value = 0;
		forecast->steps[i].step = 0;
		if (i >= count)
			continue;
		value = &fdt->values[steps[i].property];
		forecast->steps[i].cell =
			&cells[(value->data - fdt->name_end) / FDT_CELL_SIZE +
		               steps[i].cell];
		forecast->steps[i].value = fdt_cell(value, steps[i].cell);
		forecast->steps[i].step = steps[i].step;
	}
}

/* All of them, always: a loop that the compiler can unroll. */
static inline void forecast_step(struct forecast *forecast)
{
	for (uint32_t i = 0; i < FDT_STEP_MAX; i++) {
		forecast->steps[i].value += forecast->steps[i].step;
		forecast->steps[i].cell->value =
			__builtin_bswap32(forecast->steps[i].value);
	}
}

/* One branch, where the usual node takes it: it is the one foretold. */
static inline uint64_t difference(const uint8_t *p, const uint8_t *q)
{
	return (load_word(p) ^ load_word(q)) |
	       (load_word(p + 8) ^ load_word(q + 8));
}

/* Steps by two while there are more; the last two may overlap those before. */
static inline bool is_equal(const uint8_t *p, const uint8_t *q, uint64_t size)
{
	const uint8_t *last = p + size - STEP;

	for (; last - p > STEP; p += 2 * STEP, q += 2 * STEP) {
		if (difference(p, q) | difference(p + STEP, q + STEP))
			return false;
	}
	if (last < p)
		return difference(last, q + (last - p)) == 0;
	return (difference(p, q) | difference(last, q + (last - p))) == 0;
}

uint32_t fdt_take_row(struct fdt *fdt, const struct fdt_step *steps,
                      uint32_t step_count, uint32_t max)
{
	const uint8_t *next = fdt->cursor + FDT_CELL_SIZE;
	uint64_t distance = next - fdt->node;
	uint64_t name_size = fdt->name_end - fdt->node;
	uint64_t size = distance - name_size;
	struct forecast forecast; /* not cleared: all that is read is written */
	uint32_t count = 0;

	if (size < STEP || size > TWIN_SIZE_MAX ||
	    load_cell(fdt->cursor) != FDT_TAG_END_NODE)
		return 0;
	forecast_make(&forecast, fdt, size, steps, step_count);
	for (; count != max; count++, next += distance) {
		if (fdt->end - next < (ptrdiff_t)distance ||
		    load_cell(next) != FDT_TAG_BEGIN_NODE ||
		    next[name_size - 1])
			break;
		forecast_step(&forecast);
		if (!is_equal((const uint8_t *)forecast.words, next + name_size,
		              size))
			break;
	}
	move_on(fdt, count * distance);
	return count;
}
