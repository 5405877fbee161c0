/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/machine/dt.h - reads a device tree on libfdt, in one pass
 *
 * Devicetree Specification 0.4. Most of libfdt's questions go through the tree
 * from its start, or through all properties of a node: a tree that is made to
 * hurt would take hours. Here all nodes come by once, each with the properties
 * that anybody asks for. What is libfdt's is called fdt_, what is ours dt_.
 *
 *	dt_open(&dt, base, available);
 *	while (dt_next(&dt)) {
 *		if (dt_has(&dt, DT_COMPATIBLE) && dt_get_reg(&dt, 0, &range))
 *
 * Whatever is read has been proven to lie in the tree; a tree that lies ends
 * the boot.
 */
#ifndef COMMON_MACHINE_DT_H
#define COMMON_MACHINE_DT_H

#include "common/lib/compiler.h"
#include "common/machine/dt_names.h"
#include "common/machine/machine.h"

#define DT_DEPTH_MAX 16
#define DT_RANGE_MAX 64 /* ranges of one bus that addresses go through */
#define DT_KNOWN_MAX                                                           \
	2048 /* bytes of the strings of which is remembered ...                \
	      */

/* A property's value, where it lies: big-endian cells, or strings. */
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
	uint32_t interrupt_parent; /* phandle; 0: nobody has told */
	struct dt_value ranges;    /* empty: children's addresses are its own */
};

struct dt {
	const void *fdt;
	const uint8_t *nodes; /* libfdt's offsets count from here */
	const char *strings;
	uint32_t strings_size;
	uint32_t tag; /* the one that the walk is at, behind the node ... */
	int offset;   /* ... and where it is, as libfdt counts */
	int next;     /* where the next one is */

	/* The node that the walk is at. */
	uint32_t depth;   /* 1: the root */
	uint64_t present; /* a bit for each enum dt_property */
	struct dt_value values[DT_PROPERTY_COUNT + 1]; /* the last: any other */
	struct dt_level levels[DT_DEPTH_MAX + 1];      /* [depth]: the node's */

	/* ... which property has its name at that offset; see dt.c */
	uint8_t known[DT_KNOWN_MAX];
};

static_assert(DT_PROPERTY_COUNT < 64, "a bit for each");

/* How large does the tree at `base` say to be? 0: there is none. */
uint32_t dt_size(const void *base);

/*
 * Proves the header of the tree at `base`, of which `available` bytes may be
 * read: what it says lies within them. Panics name `who`.
 */
void dt_check(const char *who, const void *base, uint64_t available);

/*
 * Reservation `index` of the tree at `base`, which is checked. False: there are
 * no more. Panics, naming `who`, if the list has no end.
 */
bool dt_get_reservation(const char *who, const void *base, uint32_t index,
                        struct machine_range *range);

/*
 * The tag at `offset` of a checked tree, and where the next one is, as libfdt's
 * fdt_next_tag(); all that the tag says lies in the tree, else *next < 0.
 */
uint32_t dt_next_tag(const void *fdt, int offset, int *next);

/* Checks the tree and starts a walk over it. */
void dt_open(struct dt *dt, const void *base, uint64_t available);

/* Goes to the next node. False: there is none left. */
bool dt_next(struct dt *dt);

static inline bool dt_has(const struct dt *dt, enum dt_property property)
{
	return dt->present >> property & 1;
}

static inline const char *dt_name(const struct dt *dt)
{
	return dt->levels[dt->depth].name;
}

/* The node's value; of size 0 if there is none. */
static inline struct dt_value dt_get(const struct dt *dt,
                                     enum dt_property property)
{
	if (!dt_has(dt, property))
		return (struct dt_value){ 0 };
	return dt->values[property];
}

/* Ends the boot: this node's property is not as it must be. */
NORETURN void dt_refuse(const struct dt *dt, enum dt_property property,
                        const char *why);

/* Cell `index` of the value, which must have that many. */
uint32_t dt_cell(const struct dt_value *value, uint32_t index);

/* A value of one cell; `otherwise` if there is none. */
uint32_t dt_get_u32(const struct dt *dt, enum dt_property property,
                    uint32_t otherwise);

/* ---- dt_values.c: what the properties of the node say */

/* Does DMA see caches? As the node says, else the nearest one around it. */
bool dt_is_coherent(const struct dt *dt);

/* A value of one or two cells; `otherwise` if there is none. */
uint64_t dt_get_u64(const struct dt *dt, enum dt_property property,
                    uint64_t otherwise);

/* The first of a list of strings. NULL: it is none. */
const char *dt_first_string(const struct dt_value *value);

/* The one behind `string`. NULL: that was the last one. */
const char *dt_next_string(const struct dt_value *value, const char *string);

/* Is one of the value's strings `string`? */
bool dt_has_string(const struct dt_value *value, const char *string);

/* `count` cells (0 to 2) from cell `index` on, as one number; the same. */
uint64_t dt_cells(const struct dt_value *value, uint32_t index, uint32_t count);

/*
 * Range `index` of the node's reg, as the CPU addresses it. False: the node
 * has less, or a bus on the way does not pass the address on.
 */
bool dt_get_reg(const struct dt *dt, uint32_t index,
                struct machine_range *range);

/* From where the node has it to where the CPU has it; false: nowhere. */
bool dt_translate(const struct dt *dt, struct machine_range *range);

#endif
