/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/machine/fdt_row.c - nodes that follow from the one before
 *
 * CPUs, cores and virtio-mmio slots are most of a VMM's tree. Where a node is
 * its neighbour but for the name and a step in one or two numbers, it can be
 * foretold as a whole: to compare that with what is there takes a third of what
 * it takes to read a node.
 */
#include "common/machine/fdt.h"

#include "common/machine/fdt_format.h"
#include "common/lib/string.h"

#define STEP         16  /* bytes compared at a time */
#define ROW_SIZE_MAX 256 /* of a node behind its name */

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

static inline void move_value(struct fdt *fdt, enum fdt_property property,
                              uint64_t size)
{
	if (fdt_has(fdt, property))
		fdt->values[property].data += size;
}

/* What the walk keeps of a node, for an equal one `distance` bytes on. */
static void move_on(struct fdt *fdt, uint64_t distance)
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

/* A node from its name's end on, as the next of a row must have it. */
struct forecast {
	uint64_t words[ROW_SIZE_MAX / sizeof(uint64_t)];
	struct fdt_cell scratch; /* where steps go that there are not */
	struct {
		struct fdt_cell *cell;
		uint32_t value;
		uint32_t step;
	} steps[FDT_STEP_MAX];
};

/* One step; `next` is where the next node's name ends. */
static inline void add_step(struct forecast *forecast, uint32_t index,
                            const struct fdt *fdt, struct fdt_step *step,
                            const uint8_t *next)
{
	const struct fdt_value *value = &fdt->values[step->property];
	uint64_t offset = value->data - fdt->name_end +
	                  step->cell * sizeof(struct fdt_cell);
	uint32_t now = load_cell(fdt->name_end + offset);

	if (step->is_unknown)
		step->step = load_cell(next + offset) - now;
	forecast->steps[index].cell =
		(struct fdt_cell *)((uint8_t *)forecast->words + offset);
	forecast->steps[index].value = now;
	forecast->steps[index].step = step->step;
}

/* All of them, always: a loop that the compiler can unroll. */
static inline void take_steps(struct forecast *forecast)
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

/* Is there a node at `next`, of that size, and a name that ends where it may?
 */
static inline bool is_node(const struct fdt *fdt, const uint8_t *next,
                           uint64_t distance, uint64_t name_size)
{
	return fdt->end - next >= (ptrdiff_t)distance &&
	       load_cell(next) == FDT_TAG_BEGIN_NODE && !next[name_size - 1];
}

uint32_t fdt_take_row(struct fdt *fdt, struct fdt_step *steps,
                      uint32_t step_count, uint32_t max)
{
	const uint8_t *next = fdt->cursor + FDT_CELL_SIZE;
	uint64_t distance = next - fdt->node;
	uint64_t name_size = fdt->name_end - fdt->node;
	uint64_t size = distance - name_size;
	struct forecast forecast; /* not cleared: all that is read is written */
	uint32_t count = 0;

	if (size < STEP || size > ROW_SIZE_MAX ||
	    load_cell(fdt->cursor) != FDT_TAG_END_NODE ||
	    !is_node(fdt, next, distance, name_size))
		return 0;
	memcpy(forecast.words, fdt->name_end, size);
	for (uint32_t i = 0; i < FDT_STEP_MAX; i++) {
		forecast.steps[i].cell = &forecast.scratch;
		forecast.steps[i].value = 0;
		forecast.steps[i].step = 0;
		if (i < step_count)
			add_step(&forecast, i, fdt, &steps[i],
			         next + name_size);
	}
	while (count != max && is_node(fdt, next, distance, name_size)) {
		take_steps(&forecast);
		if (!is_equal((const uint8_t *)forecast.words, next + name_size,
		              size))
			break;
		next += distance;
		count++;
	}
	move_on(fdt, count * distance);
	return count;
}
