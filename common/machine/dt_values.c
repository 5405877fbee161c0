/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/machine/dt_values.c - what the properties of a node say, see dt.h
 *
 * Devicetree Specification 0.4, chapter 2. Each value is proven to be long
 * enough before an answer is read from it.
 */
#include "common/machine/dt.h"

#include <libfdt.h>

#include "common/lib/console.h"
#include "common/lib/string.h"

#define CELL_SIZE sizeof(fdt32_t)

bool dt_is_coherent(const struct dt *dt)
{
	for (uint32_t i = dt->depth; i; i--) {
		uint64_t present = dt->levels[i].present;

		if (present >> DT_DMA_COHERENT & 1)
			return true;
		if (present >> DT_DMA_NONCOHERENT & 1)
			return false;
	}
	return false;
}

uint64_t dt_cells(const struct dt_value *value, uint32_t index, uint32_t count)
{
	uint64_t number = 0;

	for (; count; count--)
		number = number << 32 | dt_cell(value, index++);
	return number;
}

uint64_t dt_get_u64(const struct dt *dt, enum dt_property property,
                    uint64_t otherwise)
{
	const struct dt_value *value = &dt->values[property];

	if (!dt_has(dt, property))
		return otherwise;
	if (value->size != CELL_SIZE && value->size != 2 * CELL_SIZE)
		dt_refuse(dt, property, "must be one or two cells");
	return dt_cells(value, 0, value->size / CELL_SIZE);
}

const char *dt_first_string(const struct dt_value *value)
{
	if (!value->size || value->data[value->size - 1])
		return NULL;
	return (const char *)value->data;
}

const char *dt_next_string(const struct dt_value *value, const char *string)
{
	const char *next = string + strlen(string) + 1;

	return next < (const char *)value->data + value->size ? next : NULL;
}

bool dt_has_string(const struct dt_value *value, const char *string)
{
	const char *candidate = dt_first_string(value);

	while (candidate && strcmp(candidate, string) != 0)
		candidate = dt_next_string(value, candidate);
	return candidate != NULL;
}

/* Tells whether an address or a size of so many cells fits a 64-bit number. */
static bool is_number(uint32_t cells)
{
	return cells <= 2;
}

/*
 * Translates a range through the ranges of one bus, each of which consists of
 * child address, parent address and size. `left` is how many ranges this bus
 * and those around it may still have, as work for each address below them.
 */
static bool translate(const struct dt_level *bus, struct machine_range *range,
                      uint32_t *left)
{
	const struct dt_value *ranges = &bus->ranges;
	uint32_t child_cells = bus->address_cells;
	uint32_t parent_cells = bus[-1].address_cells;
	uint32_t size_cells = bus->size_cells;
	uint32_t row = child_cells + parent_cells + size_cells;

	if (!is_number(child_cells) || !is_number(parent_cells) ||
	    !is_number(size_cells) || !row)
		return false;
	if (ranges->size % (row * CELL_SIZE) != 0 ||
	    ranges->size / (row * CELL_SIZE) > *left)
		panic("fdt: %s: ranges of %#x bytes: %u cells each, at most %u",
		      bus->name, ranges->size, row, *left);
	*left -= ranges->size / (row * CELL_SIZE);
	for (uint32_t i = 0; i < ranges->size / CELL_SIZE; i += row) {
		uint64_t child = dt_cells(ranges, i, child_cells);
		uint64_t parent =
			dt_cells(ranges, i + child_cells, parent_cells);
		uint64_t size = dt_cells(ranges, i + child_cells + parent_cells,
		                         size_cells);

		if (range->base < child ||
		    !is_within(range->base - child, range->size, size) ||
		    !is_within(parent, size, MACHINE_ADDRESS_END))
			continue;
		range->base += parent - child;
		return true;
	}
	return false;
}

bool dt_translate(const struct dt *dt, struct machine_range *range)
{
	uint32_t left = DT_RANGE_MAX;

	for (uint32_t i = dt->depth - 1; i > 1; i--) {
		const struct dt_level *bus = &dt->levels[i];

		if (!(bus->present >> DT_RANGES & 1))
			return false;
		if (bus->ranges.size && !translate(bus, range, &left))
			return false;
	}
	return true;
}

bool dt_get_bus_reg(const struct dt *dt, uint32_t index,
                    struct machine_range *range)
{
	const struct dt_level *bus = &dt->levels[dt->depth - 1];
	const struct dt_value *reg = &dt->values[DT_REG];
	uint32_t row = bus->address_cells + bus->size_cells;
	uint32_t cell = index * row;

	if (!dt_has(dt, DT_REG))
		return false;
	if (!is_number(bus->address_cells) || !is_number(bus->size_cells) ||
	    !row || reg->size % (row * CELL_SIZE) != 0)
		dt_refuse(dt, DT_REG, "not whole ranges");
	if ((cell + row) * CELL_SIZE > reg->size)
		return false;
	range->base = dt_cells(reg, cell, bus->address_cells);
	range->size = dt_cells(reg, cell + bus->address_cells, bus->size_cells);
	return true;
}

bool dt_get_reg(const struct dt *dt, uint32_t index,
                struct machine_range *range)
{
	if (!dt_get_bus_reg(dt, index, range) || !dt_translate(dt, range))
		return false;
	if (!is_within(range->base, range->size, MACHINE_ADDRESS_END))
		dt_refuse(dt, DT_REG, "beyond the address space");
	return true;
}
