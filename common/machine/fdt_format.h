/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/machine/fdt_format.h - the bytes of a flattened device tree
 *
 * Devicetree Specification 0.4, sections 5.2 and 5.4. All cells are big-endian.
 */
#ifndef COMMON_MACHINE_FDT_FORMAT_H
#define COMMON_MACHINE_FDT_FORMAT_H

#include "common/lib/compiler.h"

#define FDT_MAGIC              0xd00dfeed
#define FDT_VERSION            17
#define FDT_COMPATIBLE_VERSION 16 /* the oldest that reads version 17 */

enum fdt_header_cell {
	FDT_HEADER_MAGIC = 0,
	FDT_HEADER_TOTAL_SIZE = 1,
	FDT_HEADER_OFF_STRUCT = 2,
	FDT_HEADER_OFF_STRINGS = 3,
	FDT_HEADER_OFF_RESERVATIONS = 4,
	FDT_HEADER_VERSION = 5,
	FDT_HEADER_LAST_VERSION = 6,
	FDT_HEADER_BOOT_CPU = 7,
	FDT_HEADER_SIZE_STRINGS = 8,
	FDT_HEADER_SIZE_STRUCT = 9,
	FDT_HEADER_CELL_COUNT,
};

enum fdt_tag {
	FDT_TAG_BEGIN_NODE = 1,
	FDT_TAG_END_NODE = 2,
	FDT_TAG_PROPERTY = 3,
	FDT_TAG_NOP = 4,
	FDT_TAG_END = 9,
};

#define FDT_CELL_SIZE            4
#define FDT_HEADER_SIZE          (FDT_HEADER_CELL_COUNT * FDT_CELL_SIZE)
#define FDT_PROPERTY_HEADER_SIZE 12 /* tag, size, name */
#define FDT_RESERVATION_SIZE     16

static_assert(FDT_HEADER_SIZE == 40, "Devicetree Specification 5.2");

#endif
