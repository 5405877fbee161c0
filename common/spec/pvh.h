/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/spec/pvh.h - layout of what EBX points to at a PVH entry
 *
 * Xen docs/misc/pvh.pandoc. A VMM may put these at any address, so they are
 * packed.
 */
#ifndef COMMON_SPEC_PVH_H
#define COMMON_SPEC_PVH_H

#include "common/lib/compiler.h"

#define PVH_MAGIC 0x336ec578

struct pvh_start_info {
	uint32_t magic;
	uint32_t version;
	uint32_t flags;
	uint32_t module_count;
	uint64_t modules_paddr;
	uint64_t cmdline_paddr;
	uint64_t rsdp_paddr;
	uint64_t memmap_paddr; /* from version 1 on, as the rest */
	uint32_t memmap_count;
	uint32_t reserved;
} PACKED;

static_assert(sizeof(struct pvh_start_info) == 56, "pvh.pandoc");

struct pvh_module {
	uint64_t paddr;
	uint64_t size;
	uint64_t cmdline_paddr;
	uint64_t reserved;
} PACKED;

static_assert(sizeof(struct pvh_module) == 32, "pvh.pandoc");

struct pvh_memmap_entry {
	uint64_t base;
	uint64_t size;
	uint32_t type; /* as E820 */
	uint32_t reserved;
} PACKED;

static_assert(sizeof(struct pvh_memmap_entry) == 24, "pvh.pandoc");

#endif
