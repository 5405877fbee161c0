/* SPDX-License-Identifier: BSD-2-Clause */
/* common/machine/dt.c - walks through a device tree, see dt.h */
#include "common/machine/dt.h"

#include <libfdt.h>

#include "common/lib/console.h"
#include "common/lib/string.h"

#define VERSION    17 /* the format's, see Devicetree Specification 0.4, 5.2 */
#define NOT_LOOKED 0xff
#define CELL_SIZE  sizeof(fdt32_t)

uint32_t dt_size(const void *base)
{
	return fdt_magic(base) == FDT_MAGIC ? fdt_totalsize(base) : 0;
}

static void check_part(const char *who, const void *fdt, const char *part,
                       uint32_t offset, uint32_t size)
{
	if (!is_within(offset, size, fdt_totalsize(fdt)))
		panic("%s: %s: %#x bytes at %#x: the tree has only %#x", who,
		      part, size, offset, fdt_totalsize(fdt));
}

/* Cells must lie at a multiple of their size. */
static void check_alignment(const char *who, const char *part, uint32_t offset)
{
	if (offset % sizeof(fdt32_t) != 0)
		panic("%s: %s at %#x: must be at a multiple of 4", who, part,
		      offset);
}

void dt_check(const char *who, const void *base, uint64_t available)
{
	uint32_t size;
	int error;

	if (available < sizeof(struct fdt_header) ||
	    fdt_magic(base) != FDT_MAGIC)
		panic("%s: none at %#lx", who, paddr_of(base));
	size = fdt_totalsize(base);
	if (size < sizeof(struct fdt_header) || size > available)
		panic("%s: %#x bytes: from %#x to %#lx", who, size,
		      (uint32_t)sizeof(struct fdt_header), available);
	if (fdt_last_comp_version(base) > VERSION ||
	    fdt_version(base) < VERSION)
		panic("%s: version %u: must be %u", who, fdt_version(base),
		      VERSION);
	check_part(who, base, "nodes", fdt_off_dt_struct(base),
	           fdt_size_dt_struct(base));
	check_part(who, base, "strings", fdt_off_dt_strings(base),
	           fdt_size_dt_strings(base));
	check_part(who, base, "reservations", fdt_off_mem_rsvmap(base), 0);
	check_alignment(who, "nodes", fdt_off_dt_struct(base));
	check_alignment(who, "reservations", fdt_off_mem_rsvmap(base));
	size = fdt_size_dt_strings(base);
	if (size && ((const char *)base)[fdt_off_dt_strings(base) + size - 1])
		panic("%s: strings: the last of %#x has no end", who, size);
	error = fdt_check_header(base);
	if (error)
		panic("%s: header: libfdt's error %u", who, (uint32_t)-error);
}

bool dt_get_reservation(const char *who, const void *base, uint32_t index,
                        struct machine_range *range)
{
	uint32_t offset = fdt_off_mem_rsvmap(base);
	uint64_t room = fdt_totalsize(base) - offset;
	/* Only cells are proven to be aligned, hence no struct. */
	const fdt32_t *entry = (const void *)((const uint8_t *)base + offset);

	if ((index + 1ULL) * sizeof(struct fdt_reserve_entry) > room)
		panic("%s: reservations: have no end", who);
	entry += index * (sizeof(struct fdt_reserve_entry) / sizeof(*entry));
	range->base = fdt64_ld((const void *)entry);
	range->size = fdt64_ld((const void *)(entry + 2));
	return range->size != 0;
}

/*
 * In libfdt 1.6.1 a property's size may wrap. libfdt then says that the
 * property ends before its own value does, or even where it starts.
 */
uint32_t dt_next_tag(const void *fdt, int offset, int *next)
{
	uint32_t tag = fdt_next_tag(fdt, offset, next);
	const uint8_t *nodes = (const uint8_t *)fdt + fdt_off_dt_struct(fdt);
	const struct fdt_property *property = (const void *)(nodes + offset);

	if (tag != FDT_PROP || *next < 0)
		return tag;
	if (*next - offset < (int)sizeof(*property) ||
	    fdt32_to_cpu(property->len) > *next - offset - sizeof(*property))
		*next = -FDT_ERR_BADSTRUCTURE;
	return tag;
}

bool dt_is_whole(const void *base, uint64_t size)
{
	int next = 0, depth = 0;
	uint32_t tag;

	if (size < sizeof(struct fdt_header) || fdt_check_header(base) ||
	    fdt_totalsize(base) > size)
		return false;
	do {
		tag = dt_next_tag(base, next, &next);
		depth += (tag == FDT_BEGIN_NODE) - (tag == FDT_END_NODE);
	} while (tag != FDT_END && next >= 0 && depth >= 0);
	return next >= 0 && depth == 0;
}

/* Ends the boot, because libfdt finds no whole tag at `offset`. */
static NORETURN void refuse_tag(const struct dt *dt, int offset)
{
	const fdt32_t *tag = fdt_offset_ptr(dt->fdt, offset, FDT_TAGSIZE);
	const struct fdt_property *property =
		fdt_offset_ptr(dt->fdt, offset, sizeof(*property));

	if (tag && fdt32_ld(tag) == FDT_PROP && property)
		panic("fdt: %s: property of %#x bytes: there are %#x",
		      dt_name(dt), fdt32_ld(&property->len),
		      fdt_size_dt_struct(dt->fdt) - offset -
		              (uint32_t)sizeof(*property));
	if (tag && fdt32_ld(tag) == FDT_BEGIN_NODE)
		panic("fdt: nodes: end in a name");
	if (tag && fdt32_ld(tag) != FDT_PROP)
		panic("fdt: nodes: tag %#x at depth %u", fdt32_ld(tag),
		      dt->depth);
	panic("fdt: nodes: end before their end");
}

/*
 * If a node begins at `offset`, and its name ends in the tree, this returns
 * where its first tag is, else 0. libfdt calls a function for each character.
 */
static uint32_t skip_node_name(const struct dt *dt, uint32_t offset)
{
	uint32_t size = fdt_size_dt_struct(dt->fdt);
	uint32_t end = offset + FDT_TAGSIZE;

	if (end > size ||
	    fdt32_to_cpu(*(const fdt32_t *)(dt->nodes + offset)) !=
	            FDT_BEGIN_NODE)
		return 0;
	while (end < size && dt->nodes[end])
		end++;
	end = (uint32_t)align_up(end + 1ULL, FDT_TAGSIZE);
	return end <= size ? end : 0;
}

/* Goes to the next tag. This, or libfdt, proves that it lies in the tree. */
static void step(struct dt *dt)
{
	uint32_t behind_name = skip_node_name(dt, (uint32_t)dt->next);

	dt->offset = dt->next;
	if (behind_name) {
		dt->tag = FDT_BEGIN_NODE;
		dt->next = (int)behind_name;
		return;
	}
	dt->tag = dt_next_tag(dt->fdt, dt->offset, &dt->next);
	if (dt->next < 0)
		refuse_tag(dt, dt->offset);
}

void dt_open(struct dt *dt, const void *base, uint64_t available)
{
	dt_check("fdt", base, available);
	dt->fdt = base;
	dt->nodes = (const uint8_t *)base + fdt_off_dt_struct(base);
	dt->strings = (const char *)base + fdt_off_dt_strings(base);
	dt->strings_size = fdt_size_dt_strings(base);
	dt->depth = 0;
	dt->levels[0] = (struct dt_level){ .name = "" };
	memset(dt->known, NOT_LOOKED, sizeof(dt->known));
	dt->next = 0;
	step(dt);
}

/*
 * Returns the property whose name is at `offset` of the strings.
 * fdt_get_string() would look for the name's end, which may be a megabyte away;
 * a comparison with the known names does not. Most names occur again and again,
 * and are compared once.
 */
static uint32_t find_property(struct dt *dt, uint32_t offset)
{
	uint32_t property;

	if (offset < DT_KNOWN_MAX && dt->known[offset] != NOT_LOOKED)
		return dt->known[offset];
	if (offset >= dt->strings_size)
		panic("fdt: name at %#x: there are %#x", offset,
		      dt->strings_size);
	property = dt_find_property(dt->strings + offset);
	if (offset < DT_KNOWN_MAX)
		dt->known[offset] = (uint8_t)property;
	return property;
}

static void take_property(struct dt *dt)
{
	const struct fdt_property *property =
		(const void *)(dt->nodes + dt->offset);
	uint32_t index = find_property(dt, fdt32_to_cpu(property->nameoff));

	dt->present |= 1ULL << index;
	dt->values[index] = (struct dt_value){
		.data = (const uint8_t *)property->data,
		.size = fdt32_to_cpu(property->len),
	};
}

void dt_refuse(const struct dt *dt, enum dt_property property, const char *why)
{
	panic("fdt: %s: %s of %#x bytes: %s", dt_name(dt),
	      dt_property_name(property), dt_get(dt, property).size, why);
}

uint32_t dt_cell(const struct dt_value *value, uint32_t index)
{
	return fdt32_to_cpu(((const fdt32_t *)value->data)[index]);
}

uint32_t dt_get_u32(const struct dt *dt, enum dt_property property,
                    uint32_t otherwise)
{
	if (!dt_has(dt, property))
		return otherwise;
	if (dt->values[property].size != CELL_SIZE)
		dt_refuse(dt, property, "must be one cell");
	return dt_cell(&dt->values[property], 0);
}

/* Keeps what the node's properties say about its children. */
static void enter_level(struct dt *dt)
{
	struct dt_level *level = &dt->levels[dt->depth];

	level->present = dt->present;
	level->address_cells = dt_get_u32(dt, DT_ADDRESS_CELLS, 2);
	level->size_cells = dt_get_u32(dt, DT_SIZE_CELLS, 1);
	level->interrupt_parent =
		dt_get_u32(dt, DT_INTERRUPT_PARENT, level[-1].interrupt_parent);
	level->ranges = dt_get(dt, DT_RANGES);
}

/* Goes to where the next node begins. Returns false if the tree ends. */
static bool find_node(struct dt *dt)
{
	for (; dt->tag != FDT_BEGIN_NODE; step(dt)) {
		if (dt->tag == FDT_END && !dt->depth)
			return false;
		if (dt->tag == FDT_END_NODE && dt->depth)
			dt->depth--;
		else if (dt->tag != FDT_NOP)
			panic("fdt: nodes: tag %#x at depth %u", dt->tag,
			      dt->depth);
	}
	return true;
}

bool dt_has_children(const struct dt *dt)
{
	return dt->tag == FDT_BEGIN_NODE;
}

bool dt_next(struct dt *dt)
{
	uint32_t name_size;

	if (!find_node(dt))
		return false;
	if (++dt->depth > DT_DEPTH_MAX)
		panic("fdt: nodes: more than %u deep", DT_DEPTH_MAX);
	/* A message may print the name, one exit to the VMM a character. */
	name_size = (uint32_t)(dt->next - dt->offset) - FDT_TAGSIZE;
	if (name_size > DT_NODE_NAME_SIZE)
		panic("fdt: nodes: name of %#x bytes: at most %#x", name_size,
		      DT_NODE_NAME_SIZE);
	dt->levels[dt->depth].name =
		(const char *)dt->nodes + dt->offset + FDT_TAGSIZE;
	dt->present = 0;
	for (step(dt); dt->tag == FDT_PROP || dt->tag == FDT_NOP; step(dt)) {
		if (dt->tag == FDT_PROP)
			take_property(dt);
	}
	enter_level(dt);
	return true;
}
