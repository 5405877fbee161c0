/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/machine/dt.h - reads a device tree by libfdt, in one pass
 *
 * Devicetree Specification 0.4. Most of libfdt's queries go through the tree
 * from its start, or through all properties of a node. A tree that is made to
 * hurt would take hours that way. This module visits each node once, with the
 * properties that anybody asks for. Names of libfdt begin with fdt_, those of
 * this module with dt_.
 *
 *	dt_open(&dt, base, available);
 *	while (dt_next(&dt)) {
 *		if (dt_has(&dt, DT_COMPATIBLE) && dt_get_reg(&dt, 0, &range))
 *
 * Whatever is read has been proven to lie in the tree. A malformed tree ends
 * the boot.
 */
#ifndef COMMON_MACHINE_DT_H
#define COMMON_MACHINE_DT_H

#include "common/lib/compiler.h"
#include "common/machine/dt_names.h"
#include "common/machine/machine.h"

#define DT_DEPTH_MAX 16
#define DT_RANGE_MAX 64   /* ranges of all buses from a node to the root */
#define DT_KNOWN_MAX 2048 /* first bytes of the strings, see `known` */

/* The specification allows 31 characters and an address. */
#define DT_NODE_NAME_SIZE 256

/* A property's value, in the tree: big-endian cells, or strings. */
struct dt_value {
	const uint8_t *data;
	uint32_t size;
};

/* What a node says about its children. */
struct dt_level {
	const char *name;
	uint64_t present; /* as in struct dt */
	uint32_t address_cells;
	uint32_t size_cells;
	uint32_t interrupt_parent; /* phandle; 0: not told */
	struct dt_value ranges;    /* empty: the same addresses */
};

struct dt {
	const void *fdt;
	const uint8_t *nodes; /* libfdt's offsets count from here */
	const char *strings;
	uint32_t strings_size;
	uint32_t tag; /* the tag that the walk is at, behind the node */
	int offset;   /* where that tag is, as libfdt counts */
	int next;     /* where the next tag is */

	/* The node that the walk is at. */
	uint32_t depth;   /* 1 for the root */
	uint64_t present; /* a bit for each enum dt_property */
	struct dt_value values[DT_PROPERTY_COUNT + 1]; /* the last: other */
	struct dt_level levels[DT_DEPTH_MAX + 1];      /* [depth]: own */

	/* The property whose name is at an offset of the strings. */
	uint8_t known[DT_KNOWN_MAX];
};

static_assert(DT_PROPERTY_COUNT < 64, "a bit for each");

/*
 * Returns the size in bytes that the tree at `base` claims to have, or 0 if
 * there is no tree.
 */
uint32_t dt_size(const void *base);

/*
 * Proves the header of the tree at `base`, of which `available` bytes may be
 * read: all parts that it names lie within them. Panics, naming `who`,
 * otherwise.
 */
void dt_check(const char *who, const void *base, uint64_t available);

/*
 * Tells whether `size` bytes at `base` are a tree all of whose tags are whole,
 * and nest. A kernel that is given such a tree as it is does not check that.
 */
bool dt_is_whole(const void *base, uint64_t size);

/*
 * Reads reservation `index` of the tree at `base`, which is checked. Returns
 * false if there are no more. Panics, naming `who`, if the list has no end.
 */
bool dt_get_reservation(const char *who, const void *base, uint32_t index,
                        struct machine_range *range);

/*
 * Returns the tag at `offset` of a checked tree, and sets `next` to the offset
 * of the next tag, as libfdt's fdt_next_tag() does. If a part of the tag lies
 * outside the tree, `next` becomes negative.
 */
uint32_t dt_next_tag(const void *fdt, int offset, int *next);

/* Checks the tree and starts a walk over it. */
void dt_open(struct dt *dt, const void *base, uint64_t available);

/* Goes to the next node. Returns false if there is none left. */
bool dt_next(struct dt *dt);

static inline bool dt_has(const struct dt *dt, enum dt_property property)
{
	return dt->present >> property & 1;
}

static inline const char *dt_name(const struct dt *dt)
{
	return dt->levels[dt->depth].name;
}

/* Tells whether there are nodes in the node. */
bool dt_has_children(const struct dt *dt);

/* Returns the value of the node's property; its size is 0 if there is none. */
static inline struct dt_value dt_get(const struct dt *dt,
                                     enum dt_property property)
{
	if (!dt_has(dt, property))
		return (struct dt_value){ 0 };
	return dt->values[property];
}

/* Ends the boot, because this node's property is not as it must be. */
NORETURN void dt_refuse(const struct dt *dt, enum dt_property property,
                        const char *why);

/* Returns cell `index` of the value, which must have that many cells. */
uint32_t dt_cell(const struct dt_value *value, uint32_t index);

/* Returns the property's value of one cell, or `otherwise` if there is none. */
uint32_t dt_get_u32(const struct dt *dt, enum dt_property property,
                    uint32_t otherwise);

/* ---- dt_values.c: what the properties of the node say */

/*
 * Tells whether the node's DMA sees caches, as the node or the nearest one
 * around it says.
 */
bool dt_is_coherent(const struct dt *dt);

/*
 * Returns the property's value of one or two cells, or `otherwise` if there is
 * none.
 */
uint64_t dt_get_u64(const struct dt *dt, enum dt_property property,
                    uint64_t otherwise);

/* Returns the first of a list of strings, or NULL if there is no list. */
const char *dt_first_string(const struct dt_value *value);

/* Returns the string behind `string`, or NULL if that was the last one. */
const char *dt_next_string(const struct dt_value *value, const char *string);

/* Tells whether one of the value's strings is `string`. */
bool dt_has_string(const struct dt_value *value, const char *string);

/*
 * Returns `count` cells (0 to 2) from cell `index` on as one number. The value
 * must have that many cells.
 */
uint64_t dt_cells(const struct dt_value *value, uint32_t index, uint32_t count);

/*
 * Reads range `index` of the node's reg, as the bus addresses it that the node
 * is on. Returns false if the node has fewer ranges. The range may wrap.
 */
bool dt_get_bus_reg(const struct dt *dt, uint32_t index,
                    struct machine_range *range);

/*
 * Reads range `index` of the node's reg, as the CPU addresses it. Returns false
 * if the node has fewer ranges, or if a bus on the way does not pass the
 * address on. The range ends at MACHINE_ADDRESS_END at the latest.
 */
bool dt_get_reg(const struct dt *dt, uint32_t index,
                struct machine_range *range);

/*
 * Turns a range from the node's addresses into the CPU's. Returns false if the
 * CPU cannot reach it.
 */
bool dt_translate(const struct dt *dt, struct machine_range *range);

#endif
