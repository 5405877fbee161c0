/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/aarch64/lib/paging.h - the translation tables, at the work area's start
 *
 * Page tables are in RAM that the blob owns; the door chooses where. From then
 * on the CPU itself knows where they are.
 */
#ifndef ARCH_AARCH64_LIB_PAGING_H
#define ARCH_AARCH64_LIB_PAGING_H

#include "arch/aarch64/cpu.h"
#include "arch/aarch64/memmap.h"

#define PAGING_ROOT_COUNT  8   /* of 512 GiB each */
#define PAGING_ENTRY_COUNT 512 /* of any other table */
#define PAGING_TABLE_MAX   16

/* reset.S knows the offsets. */
struct paging {
	uint8_t unused[0x800];
	uint8_t early_stack[0x780];
	uint64_t root[PAGING_ROOT_COUNT];
	uint64_t table_count;
	uint64_t wide_root; /* an entry for the root's successor; 0: none */
	uint8_t reserved[0x30];
	uint64_t tables[PAGING_TABLE_MAX][PAGING_ENTRY_COUNT];
};

static_assert(sizeof(struct paging) <= WORK_ALIGN, "memmap.h");
static_assert(offsetof(struct paging, early_stack) == 0x800, "reset.S");
static_assert(offsetof(struct paging, root) == 0xf80, "reset.S");
static_assert(offsetof(struct paging, table_count) == 0xfc0, "reset.S");
static_assert(offsetof(struct paging, tables) == 0x1000, "reset.S");

/* The work area: WORK_SIZE bytes, first of them the tables in use. */
static inline paddr_t paging_work_paddr(void)
{
	return align_down(cpu_translation_root(), WORK_ALIGN);
}

/* paging.S: translates 48 bits, by this root, which has the one before in it.
 */
void paging_use_wide(const uint64_t *root);

#endif
