/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/aarch64/describe/fdt_out.h - writes a device tree, from its first byte
 * to its last
 *
 * Devicetree Specification 0.4, chapter 5. Nothing is written twice or moved:
 * the names of properties are one constant block, see fdt_names.h. What does
 * not fit ends the boot, so that callers have nothing to check.
 */
#ifndef ARCH_AARCH64_DESCRIBE_FDT_OUT_H
#define ARCH_AARCH64_DESCRIBE_FDT_OUT_H

#include "common/boot.h"
#include "common/machine/fdt.h"

struct fdt_out {
	uint8_t *base;
	uint8_t *nodes;
	uint8_t *next; /* where the next node or property goes */
	uint8_t *end;
	/* The first property that may come, by the enum; where the table of all
	 * names, of which those before it are left out, would begin. */
	enum fdt_property first;
	uint32_t names;
};

/*
 * From here on the root node is open. No property before `first` will come:
 * names are 1.5 KiB, of which a small tree is spared the most.
 */
void fdt_out_open(struct fdt_out *out, void *buffer, uint32_t size,
                  enum fdt_property first);

/* Closes the root. Returns the size of the tree. */
uint32_t fdt_out_close(struct fdt_out *out);

/*
 * For a tree that is copied: begins with the reservations, the nodes are to
 * follow; strings of `strings_size` bytes, given at the end, precede ours.
 */
void fdt_out_start(struct fdt_out *out, void *buffer, uint32_t size,
                   uint32_t strings_size);
void fdt_out_reserve(struct fdt_out *out, const struct machine_range *range);
void fdt_out_raw(struct fdt_out *out, const void *data, uint32_t size);
uint32_t fdt_out_finish(struct fdt_out *out, const char *strings);

/* Opens a node by a name of `size` characters: with nothing behind it ... */
void fdt_out_begin_name(struct fdt_out *out, const char *name, uint32_t size);
/* ... or with "@unit", the unit in hexadecimal, or with a decimal number. */
void fdt_out_begin_unit(struct fdt_out *out, const char *name, uint32_t size,
                        uint64_t unit);
void fdt_out_begin_count(struct fdt_out *out, const char *name, uint32_t size,
                         uint32_t number);
void fdt_out_end(struct fdt_out *out);

/*
 * Writes the node before, all its `size` bytes, once more: a leaf, opened by a
 * name of `name_size` characters with a unit, in place of which this one of as
 * many digits goes. Returns its end, from which the caller counts back to what
 * else is to be another.
 */
struct fdt_cell *fdt_out_repeat(struct fdt_out *out, uint32_t size,
                                uint32_t name_size, uint64_t unit);
uint32_t fdt_out_digits(uint64_t unit);

static INLINE void fdt_out_begin(struct fdt_out *out, const char *name)
{
	fdt_out_begin_name(out, name, __builtin_strlen(name));
}

static INLINE void fdt_out_begin_at(struct fdt_out *out, const char *name,
                                    uint64_t unit)
{
	fdt_out_begin_unit(out, name, __builtin_strlen(name), unit);
}

static INLINE void fdt_out_begin_number(struct fdt_out *out, const char *name,
                                        uint32_t number)
{
	fdt_out_begin_count(out, name, __builtin_strlen(name), number);
}

void fdt_out_empty(struct fdt_out *out, enum fdt_property name);
void fdt_out_u32(struct fdt_out *out, enum fdt_property name, uint32_t value);
void fdt_out_u64(struct fdt_out *out, enum fdt_property name, uint64_t value);
void fdt_out_bytes(struct fdt_out *out, enum fdt_property name,
                   const void *data, uint32_t size);

static INLINE void fdt_out_string(struct fdt_out *out, enum fdt_property name,
                                  const char *value)
{
	fdt_out_bytes(out, name, value, __builtin_strlen(value) + 1);
}

/* The path of a node "/name@unit", whose name has `size` characters. */
void fdt_out_path_of(struct fdt_out *out, enum fdt_property name,
                     const char *node, uint32_t size, uint64_t unit);

static INLINE void fdt_out_path(struct fdt_out *out, enum fdt_property name,
                                const char *node, uint64_t unit)
{
	fdt_out_path_of(out, name, node, __builtin_strlen(node), unit);
}

/* A property of `count` cells, which the caller fills one after the other. */
struct fdt_cell *fdt_out_cells(struct fdt_out *out, enum fdt_property name,
                               uint32_t count);

static inline struct fdt_cell *fdt_put_u32(struct fdt_cell *cell,
                                           uint32_t value)
{
	cell->value = __builtin_bswap32(value);
	return cell + 1;
}

static inline struct fdt_cell *fdt_put_u64(struct fdt_cell *cell,
                                           uint64_t value)
{
	return fdt_put_u32(fdt_put_u32(cell, (uint32_t)(value >> 32)),
	                   (uint32_t)value);
}

/* fdt_chosen.c: what both kinds of tree say in /chosen. */
void fdt_out_chosen(struct fdt_out *out, const struct boot *boot);

/* The tree of ACPI mode: /chosen alone, which points to EFI's tables. */
struct efi_tables;
uint32_t fdt_build_stub(const struct boot *boot, const struct efi_tables *efi,
                        void *buffer, uint32_t size);

/* fdt_full.c: the tree that describes the machine. */
uint32_t fdt_build_full(const struct boot *boot, void *buffer, uint32_t size);

/* fdt_given.c: the bundle's tree, with what only this boot can tell. */
uint32_t fdt_build_given(const struct boot *boot, const void *given,
                         uint64_t given_size, void *buffer, uint32_t size);

#endif
