/* SPDX-License-Identifier: BSD-2-Clause */
/* common/machine/range.h - ranges of addresses, and what kind of memory they
 * are */
#ifndef COMMON_MACHINE_RANGE_H
#define COMMON_MACHINE_RANGE_H

#include "common/lib/compiler.h"

/* The range [base, base + size), in bytes. */
struct machine_range {
	uint64_t base;
	uint64_t size;
};

/*
 * What the kernel is told about a range. The values are E820's (ACPI 6.4, table
 * 15.374).
 */
enum memory_type {
	MEMORY_NONE = 0, /* no memory; the kernel is not told of it */
	MEMORY_RAM = 1,
	MEMORY_RESERVED = 2,
	MEMORY_ACPI = 3,
	MEMORY_NVS = 4,
	MEMORY_UNUSABLE = 5,
};

/* A range as the VMM lists it. `type` is an enum memory_type, or unknown. */
struct machine_ram {
	uint64_t base;
	uint64_t size;
	uint32_t type;
	uint16_t node;      /* proximity domain */
	uint16_t igvm_type; /* enum igvm_memory_type; 0 but for IGVM files */
};

/*
 * RAM that nobody may use. With is_no_map, not even speculative reads are
 * allowed.
 */
struct machine_reserved {
	struct machine_range range;
	bool is_no_map;
};

#endif
