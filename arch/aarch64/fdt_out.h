/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/aarch64/fdt_out.h - writes a device tree in sequence, by libfdt
 *
 * What does not fit ends the boot, so that callers have nothing to check.
 */
#ifndef ARCH_AARCH64_FDT_OUT_H
#define ARCH_AARCH64_FDT_OUT_H

#include "common/boot.h"

struct fdt_out {
	void *fdt;
	uint32_t size;
};

/* From here on the root node is open. */
void fdt_out_open(struct fdt_out *out, void *buffer, uint32_t size);

/* Closes the root. Returns the size of the tree. */
uint32_t fdt_out_close(struct fdt_out *out);

/* Opens a node "name" or "name@unit", the unit in hexadecimal. */
void fdt_out_begin(struct fdt_out *out, const char *name);
void fdt_out_begin_at(struct fdt_out *out, const char *name, uint64_t unit);
/* "name" and a decimal number. */
void fdt_out_begin_number(struct fdt_out *out, const char *name,
                          uint32_t number);
void fdt_out_end(struct fdt_out *out);

void fdt_out_empty(struct fdt_out *out, const char *name);
void fdt_out_u32(struct fdt_out *out, const char *name, uint32_t value);
void fdt_out_u64(struct fdt_out *out, const char *name, uint64_t value);
void fdt_out_string(struct fdt_out *out, const char *name, const char *value);
void fdt_out_bytes(struct fdt_out *out, const char *name, const void *data,
                   uint32_t size);

/* The path of a node "/name@unit". */
void fdt_out_path(struct fdt_out *out, const char *name, const char *node,
                  uint64_t unit);

/* A property of `count` cells; the caller fills them. */
struct fdt_out_cells {
	uint8_t *next;
};

struct fdt_out_cells fdt_out_cells(struct fdt_out *out, const char *name,
                                   uint32_t count);
void fdt_out_add_u32(struct fdt_out_cells *cells, uint32_t value);
void fdt_out_add_u64(struct fdt_out_cells *cells, uint64_t value);

/* fdt_chosen.c: what both kinds of tree say in /chosen. */
void fdt_out_chosen(struct fdt_out *out, const struct boot *boot);

/* The tree of ACPI mode: /chosen alone, which points to EFI's tables. */
struct efi_tables;
uint32_t fdt_build_stub(const struct boot *boot, const struct efi_tables *efi,
                        void *buffer, uint32_t size);

/* fdt_full.c: the tree that describes the machine. */
uint32_t fdt_build_full(const struct boot *boot, void *buffer, uint32_t size);

#endif
