/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/describe/dt_writer.h - writes a device tree with libfdt's fdt_sw
 *
 * The tree is written from its first byte to its last, into the buffer `fdt`.
 * A tree that does not fit ends the boot, so callers need not check anything.
 * Each property brings its own copy of its name, because libfdt would otherwise
 * search all earlier names for it. Devicetree Specification 0.4, chapter 5.
 */
#ifndef COMMON_DESCRIBE_DT_WRITER_H
#define COMMON_DESCRIBE_DT_WRITER_H

#include <libfdt.h>

#include "common/machine/machine.h"

/* Starts a tree in `size` bytes. Reservations come first, if there are any. */
void dt_write_start(void *fdt, uint32_t size);
void dt_write_reservation(void *fdt, const struct machine_range *range);

/* Ends the reservations. The root comes next; its name is empty. */
void dt_write_nodes(void *fdt);

/* Completes the tree after all nodes have ended. */
void dt_write_finish(void *fdt);

/*
 * Each of the first three opens a node, with the name "name", "name@unit" (in
 * hexadecimal) or "name7". dt_write_end() closes the node opened last.
 */
void dt_write_begin(void *fdt, const char *name);
void dt_write_begin_at(void *fdt, const char *name, uint64_t unit);
void dt_write_begin_number(void *fdt, const char *name, uint32_t number);
void dt_write_end(void *fdt);

/* These write a property of the node that was opened last. */
void dt_write_empty(void *fdt, const char *name);
void dt_write_u32(void *fdt, const char *name, uint32_t value);
void dt_write_u64(void *fdt, const char *name, uint64_t value);
void dt_write_string(void *fdt, const char *name, const char *value);
void dt_write_bytes(void *fdt, const char *name, const void *data,
                    uint32_t size);

/* Writes a property whose value is the path of a node, "/node@unit". */
void dt_write_path(void *fdt, const char *name, const char *node,
                   uint64_t unit);

/*
 * Writes a property of `count` cells and returns the first cell. The caller
 * fills the cells, one after the other.
 */
fdt32_t *dt_write_cells(void *fdt, const char *name, uint32_t count);

/* These fill one cell or two, and return the cell behind. */
fdt32_t *dt_put_u32(fdt32_t *cell, uint32_t value);
fdt32_t *dt_put_u64(fdt32_t *cell, uint64_t value);

/*
 * Writes the node's registers, in `count` ranges. The parent has two cells for
 * an address, and two for a size.
 */
void dt_write_reg(void *fdt, const struct machine_range *ranges,
                  uint32_t count);

#endif
