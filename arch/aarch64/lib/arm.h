/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/aarch64/lib/arm.h - what the files of this folder offer each other */
#ifndef ARCH_AARCH64_LIB_ARM_H
#define ARCH_AARCH64_LIB_ARM_H

#include "arch/aarch64/memmap.h"
#include "common/boot.h"

#define MMU_ROOT_COUNT  8   /* of 512 GiB each */
#define MMU_TABLE_COUNT 512 /* entries of any other table */
#define MMU_TABLE_MAX   16

/* The tables, first in the work area; see mmu.c. entry.S knows the offsets. */
struct mmu {
	uint8_t unused[0x800];
	uint8_t early_stack[0x780];
	uint64_t root[MMU_ROOT_COUNT];
	uint64_t table_count;
	uint64_t wide_root; /* an entry for the root's successor; 0: none */
	uint8_t reserved[0x30];
	uint64_t tables[MMU_TABLE_MAX][MMU_TABLE_COUNT];
};

/* What the door and the machine leave to each other; entry.S knows sizes. */
struct work {
	struct mmu mmu;
	struct boot boot;
};

static inline struct work *work_of(struct boot *boot)
{
	return (struct work *)((uint8_t *)boot - offsetof(struct work, boot));
}

enum mmu_kind {
	MMU_NORMAL = 0, /* RAM and ROM: write-back */
	MMU_DEVICE = 1, /* registers: in order, one by one */
};

/* mmu.c: identity, in blocks of 2 MiB and 1 GiB */
void mmu_map(struct mmu *mmu, paddr_t base, uint64_t size, enum mmu_kind kind);

/*
 * mmu.c: what was written to the range is in memory, for whoever reads it with
 * caches off; after the caller's cpu_sync().
 */
void cache_clean_range(paddr_t base, uint64_t size);

/* arch.c: registers of a device become accessible */
void map_device(paddr_t base, uint64_t size);

#endif
