/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/machine/fdt.h - reads a flattened device tree, node by node, in one
 * pass
 *
 * Devicetree Specification 0.4, chapter 5. libfdt answers questions about a
 * tree, each by walking it from its start; on QEMU's tree for one CPU that is
 * more work than the rest of the boot. Here all nodes come by once, each with
 * the properties that anybody asks for, their names already resolved. Every
 * offset and size is proven before it is used; a tree that lies ends the boot.
 */
#ifndef COMMON_MACHINE_FDT_H
#define COMMON_MACHINE_FDT_H

#include "common/lib/compiler.h"
#include "common/machine/fdt_names.h"
#include "common/lib/string.h"

#define FDT_DEPTH_MAX  16
#define FDT_CACHE_SIZE 2048 /* offsets of names whose property is known */

/* A property's value, where it lies: big-endian cells, or strings. */
struct fdt_value {
	const uint8_t *data;
	uint32_t size;
};

struct fdt_cell {
	uint32_t value;
} __attribute__((may_alias));

/* What a node says about its children. */
struct fdt_level {
	const char *name;
	uint64_t present; /* as in struct fdt */
	uint32_t address_cells;
	uint32_t size_cells;
	uint32_t interrupt_parent; /* phandle; 0: nobody has told */
	bool has_ranges;
	struct fdt_value ranges; /* empty: children's addresses are its own */
};

struct fdt {
	const uint8_t *cursor;
	const uint8_t *end;
	const char *strings;
	uint32_t strings_size;
	const uint8_t *reservations; /* pairs of u64, until a pair of zeros */
	const uint8_t *reservations_end;

	/* The node that the walk is at. */
	const uint8_t *node; /* its first tag */
	const uint8_t *name_end;
	uint32_t depth;   /* 1: the root */
	uint64_t present; /* a bit for each enum fdt_property */
	struct fdt_value values[FDT_READ_COUNT + 1]; /* the last: any other */
	struct fdt_level levels[FDT_DEPTH_MAX + 1];  /* [depth]: the node's */

	uint32_t known_count;
	uint8_t known[FDT_CACHE_SIZE]; /* properties by the offset of a name */
};

/* How large does the tree at `base` say to be? 0: there is none. */
uint32_t fdt_size(const void *base);

/* Starts a walk over the tree, of which `available` bytes may be read. */
void fdt_open(struct fdt *fdt, const void *base, uint64_t available);

/* Goes to the next node. False: there is none left. */
bool fdt_next(struct fdt *fdt);

/* A cell of a property's value that is `step` more in each node of a row. */
struct fdt_step {
	enum fdt_property property; /* reg, interrupts, phandle or cpu */
	uint32_t cell;
	uint32_t step;
	bool is_unknown; /* set `step` to what it is to the next node */
};

#define FDT_STEP_MAX 2

/*
 * Goes along a row: nodes that equal the one that the walk is at but for their
 * names and the steps. Returns how many, at most `max`, it has gone on.
 */
uint32_t fdt_take_row(struct fdt *fdt, struct fdt_step *steps,
                      uint32_t step_count, uint32_t max);

static inline bool fdt_has(const struct fdt *fdt, enum fdt_property property)
{
	return fdt->present >> property & 1;
}

static inline const char *fdt_name(const struct fdt *fdt)
{
	return fdt->levels[fdt->depth].name;
}

/* The node's value; of size 0 if there is none. */
static inline struct fdt_value fdt_get(const struct fdt *fdt,
                                       enum fdt_property property)
{
	if (!fdt_has(fdt, property))
		return (struct fdt_value){ 0 };
	return fdt->values[property];
}

/* Does DMA see caches? As the node says, else the nearest one around it. */
bool fdt_is_coherent(const struct fdt *fdt);

/* A value of one cell, or of one or two; `otherwise` if there is none. */
uint32_t fdt_get_u32(const struct fdt *fdt, enum fdt_property property,
                     uint32_t otherwise);
uint64_t fdt_get_u64(const struct fdt *fdt, enum fdt_property property,
                     uint64_t otherwise);

/* Does one of the value's strings equal `string`, or all up to a `/`, `@`? */
bool fdt_has_string(const struct fdt_value *value, const char *string);

/* Is it this one string, of `size` bytes with its NUL? */
static inline bool fdt_is_string(const struct fdt_value *value,
                                 const char *string, uint32_t size)
{
	return value->size == size && !memcmp(value->data, string, size);
}

/* Is it a list of strings, and which is the index'th? NULL: there are less. */
const char *fdt_string_at(const struct fdt_value *value, uint32_t index);

/* Cell `index` of the value, which must have that many. */
static INLINE uint32_t fdt_cell(const struct fdt_value *value, uint32_t index)
{
	return __builtin_bswap32(
		((const struct fdt_cell *)value->data)[index].value);
}

/* `count` cells (0 to 2) from cell `index` on, as one number; the same. */
static INLINE uint64_t fdt_cells(const struct fdt_value *value, uint32_t index,
                                 uint32_t count)
{
	uint64_t number;

	if (count == 2) {
		__builtin_memcpy(&number,
		                 value->data + index * sizeof(uint32_t),
		                 sizeof(number));
		return __builtin_bswap64(number);
	}
	return count ? fdt_cell(value, index) : 0;
}

/*
 * Range `index` of the node's reg, as the CPU addresses it. False: the node
 * has less, or a bus on the way does not pass the address on.
 */
struct machine_range;
bool fdt_get_reg(const struct fdt *fdt, uint32_t index,
                 struct machine_range *range);

/* Through the buses from `bus` up to the root; false: it does not get there. */
bool fdt_translate_up(const struct fdt_level *root, const struct fdt_level *bus,
                      struct machine_range *range);

/* From where the node has it to where the CPU has it; most are at the root. */
static INLINE bool fdt_translate(const struct fdt *fdt,
                                 struct machine_range *range)
{
	return fdt->depth <= 2 ||
	       fdt_translate_up(&fdt->levels[1], &fdt->levels[fdt->depth - 1],
	                        range);
}

/* Ends the boot: this node's property is not as it must be. */
NORETURN void fdt_refuse(const struct fdt *fdt, enum fdt_property property,
                         const char *why);

#endif
