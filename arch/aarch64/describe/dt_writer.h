/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/aarch64/describe/dt_writer.h - writes a device tree by libfdt's fdt_sw
 *
 * From its first byte to its last; what does not fit ends the boot, so that
 * callers have nothing to check. `fdt` is the buffer. libfdt would look for
 * each name among all names before: here every property brings its own.
 */
#ifndef ARCH_AARCH64_DESCRIBE_DT_WRITER_H
#define ARCH_AARCH64_DESCRIBE_DT_WRITER_H

#include <libfdt.h>

#include "common/machine/machine.h"

/* Begins with the reservations, of which there may be none. */
void dt_write_start(void *fdt, uint32_t size);
void dt_write_reservation(void *fdt, const struct machine_range *range);

/* Ends them: nodes may begin, the root first of all, which has no name. */
void dt_write_nodes(void *fdt);

/* When all nodes have ended: completes the tree. */
void dt_write_finish(void *fdt);

/* Opens a node: by its name; "name@unit", in hexadecimal; or "name7". */
void dt_write_begin(void *fdt, const char *name);
void dt_write_begin_at(void *fdt, const char *name, uint64_t unit);
void dt_write_begin_number(void *fdt, const char *name, uint32_t number);
void dt_write_end(void *fdt);

/* Properties of the node that was opened last. */
void dt_write_empty(void *fdt, const char *name);
void dt_write_u32(void *fdt, const char *name, uint32_t value);
void dt_write_u64(void *fdt, const char *name, uint64_t value);
void dt_write_string(void *fdt, const char *name, const char *value);
void dt_write_bytes(void *fdt, const char *name, const void *data,
                    uint32_t size);

/* The path of a node "/node@unit". */
void dt_write_path(void *fdt, const char *name, const char *node,
                   uint64_t unit);

/* A property of `count` cells, which the caller fills one after the other. */
fdt32_t *dt_write_cells(void *fdt, const char *name, uint32_t count);

/* Fills a cell, or two; returns the next one. */
fdt32_t *dt_put_u32(fdt32_t *cell, uint32_t value);
fdt32_t *dt_put_u64(fdt32_t *cell, uint64_t value);

#endif
