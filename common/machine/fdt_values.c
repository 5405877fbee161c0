/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/machine/fdt_values.c - what the properties of a node say
 *
 * Devicetree Specification 0.4, chapter 2. Whatever an answer is read from is
 * proven to be long enough first.
 */
#include "common/machine/fdt.h"

#include "common/lib/console.h"
#include "common/machine/machine.h"
#include "common/lib/string.h"

#define CELL_SIZE 4

void fdt_refuse(const struct fdt *fdt, enum fdt_property property,
                const char *why)
{
	panic("fdt: %s: property %u of %#x bytes: %s", fdt_name(fdt), property,
	      fdt_get(fdt, property).size, why);
}

bool fdt_is_coherent(const struct fdt *fdt)
{
	for (uint32_t i = fdt->depth; i; i--) {
		uint64_t present = fdt->levels[i].present;

		if (present >> FDT_DMA_COHERENT & 1)
			return true;
		if (present >> FDT_DMA_NONCOHERENT & 1)
			return false;
	}
	return false;
}

uint32_t fdt_get_u32(const struct fdt *fdt, enum fdt_property property,
                     uint32_t otherwise)
{
	if (!fdt_has(fdt, property))
		return otherwise;
	if (fdt->values[property].size != CELL_SIZE)
		fdt_refuse(fdt, property, "must be one cell");
	return fdt_cell(&fdt->values[property], 0);
}

uint64_t fdt_get_u64(const struct fdt *fdt, enum fdt_property property,
                     uint64_t otherwise)
{
	const struct fdt_value *value = &fdt->values[property];

	if (!fdt_has(fdt, property))
		return otherwise;
	if (value->size != CELL_SIZE && value->size != 2 * CELL_SIZE)
		fdt_refuse(fdt, property, "must be one or two cells");
	return fdt_cells(value, 0, value->size / CELL_SIZE);
}

const char *fdt_string_at(const struct fdt_value *value, uint32_t index)
{
	const char *string = (const char *)value->data;
	const char *end = string + value->size;

	if (!value->size || end[-1])
		return NULL;
	for (; index; index--) {
		string += strlen(string) + 1;
		if (string == end)
			return NULL;
	}
	return string;
}

bool fdt_has_string(const struct fdt_value *value, const char *string)
{
	const char *candidate;

	for (uint32_t i = 0; (candidate = fdt_string_at(value, i)); i++) {
		if (!strcmp(candidate, string))
			return true;
	}
	return false;
}

/* Through the ranges of one bus: child address, parent address, size. */
static bool translate(const struct fdt_level *bus, struct machine_range *range)
{
	uint32_t child_cells = bus->address_cells;
	uint32_t parent_cells = bus[-1].address_cells;
	uint32_t row = child_cells + parent_cells + bus->size_cells;
	uint32_t count = bus->ranges.size / CELL_SIZE;

	if (child_cells > 2 || parent_cells > 2 || bus->size_cells > 2 || !row)
		return false;
	if (bus->ranges.size % (row * CELL_SIZE) != 0)
		panic("fdt: %s: ranges of %#x bytes: %u cells each", bus->name,
		      bus->ranges.size, row);
	for (uint32_t i = 0; i < count; i += row) {
		uint64_t child = fdt_cells(&bus->ranges, i, child_cells);
		uint64_t size =
			fdt_cells(&bus->ranges, i + child_cells + parent_cells,
		                  bus->size_cells);

		if (range->base < child ||
		    !is_within(range->base - child, range->size, size))
			continue;
		range->base +=
			fdt_cells(&bus->ranges, i + child_cells, parent_cells) -
			child;
		return true;
	}
	return false;
}

bool fdt_translate_up(const struct fdt_level *root, const struct fdt_level *bus,
                      struct machine_range *range)
{
	for (; bus > root; bus--) {
		if (!bus->has_ranges)
			return false;
		if (bus->ranges.size && !translate(bus, range))
			return false;
	}
	return true;
}

bool fdt_get_reg(const struct fdt *fdt, uint32_t index,
                 struct machine_range *range)
{
	const struct fdt_level *bus = &fdt->levels[fdt->depth - 1];
	const struct fdt_value *reg = &fdt->values[FDT_REG];
	uint32_t address_cells = bus->address_cells;
	uint32_t size_cells = bus->size_cells;
	uint32_t row = address_cells + size_cells;
	uint32_t cell = index * row;

	if (!fdt_has(fdt, FDT_REG))
		return false;
	if (address_cells > 2 || size_cells > 2 || !row)
		fdt_refuse(fdt, FDT_REG, "not whole ranges");
	if ((cell + row) * CELL_SIZE > reg->size) {
		if (reg->size % (row * CELL_SIZE) != 0)
			fdt_refuse(fdt, FDT_REG, "not whole ranges");
		return false;
	}
	range->base = fdt_cells(reg, cell, address_cells);
	range->size = fdt_cells(reg, cell + address_cells, size_cells);
	if (range->base && range->size > -range->base)
		fdt_refuse(fdt, FDT_REG, "beyond the address space");
	return fdt_translate(fdt, range);
}
