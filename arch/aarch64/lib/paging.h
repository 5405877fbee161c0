/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/aarch64/lib/paging.h - the translation tables, at the work area's start
 *
 * The page tables are in RAM that the blob owns. The door chooses the address;
 * later code reads it from the CPU's TTBR0 register. DDI 0487, section D8.3.
 */
#ifndef ARCH_AARCH64_LIB_PAGING_H
#define ARCH_AARCH64_LIB_PAGING_H

#include "arch/aarch64/cpu.h"
#include "arch/aarch64/memmap.h"

#define PAGING_ROOT_COUNT  8   /* entries of the first root, 512 GiB each */
#define PAGING_ENTRY_COUNT 512 /* entries of every other table */
#define PAGING_TABLE_MAX   18

/*
 * The offsets are also in reset.S. The early stack is that of paging_start(),
 * and later that of exceptions, which may come from an overrun of the other.
 */
struct paging {
	uint8_t unused[0x800];
	uint8_t early_stack[0x780];
	uint64_t root[PAGING_ROOT_COUNT];
	uint64_t table_count;
	uint64_t wide_root; /* an entry that leads to the wide root, or 0 */
	uint8_t reserved[0x30];
	uint64_t tables[PAGING_TABLE_MAX][PAGING_ENTRY_COUNT];
};

static_assert(sizeof(struct paging) <= WORK_ALIGN, "memmap.h");
static_assert(offsetof(struct paging, early_stack) == 0x800, "reset.S");
static_assert(offsetof(struct paging, root) == 0xf80, "reset.S");
static_assert(offsetof(struct paging, table_count) == 0xfc0, "reset.S");
static_assert(offsetof(struct paging, tables) == 0x1000, "reset.S");

/* Returns the address of the work area, which starts with struct paging. */
static inline paddr_t paging_work_paddr(void)
{
	return align_down(cpu_translation_root(), WORK_ALIGN);
}

/*
 * paging.S: from now on the CPU translates 48 bits, by this root. The root has
 * all entries of the earlier one.
 */
void paging_use_wide(const uint64_t *root);

#endif
