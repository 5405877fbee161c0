/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/aarch64/lib/paging.c - identity mapping, made as it is needed
 *
 * DDI 0487, section D8.3: 4 KiB granule, 42 bits. The root's 8 entries of 512
 * GiB are one cache line; below, blocks of 1 GiB and 2 MiB. Only what is asked
 * for is mapped, so that no CPU speculates into registers. Entries go from
 * invalid to valid only: that takes no TLB maintenance. Devices may lie higher,
 * as BARs that a VMM puts at the end of all addresses: then the root becomes
 * one of 512 entries.
 */
#include "arch/aarch64/lib/arm.h"
#include "arch/aarch64/cpu.h"
#include "common/arch.h"
#include "common/lib/console.h"
#include "common/lib/string.h"

#define ENTRY_VALID        1ull
#define ENTRY_TABLE        2ull
#define ENTRY_ACCESSED     (1ull << 10)
#define ENTRY_INNER_SHARED (3ull << 8)
#define ENTRY_ATTRIBUTE(i) ((uint64_t)(i) << 2) /* of MAIR, see entry.S */
#define ENTRY_NO_EXECUTE   (3ull << 53)
#define ENTRY_ADDRESS      0xfffffffff000ull

#define ROOT_SHIFT         39
#define GIB_SHIFT          30
#define BLOCK_SHIFT        21
#define GIB                (1ull << GIB_SHIFT)

#define WIDE_BITS          48
#define WIDE_END           (1ul << WIDE_BITS)

const uint32_t arch_address_bits = WIDE_BITS;

static_assert(MAPPED_END == MMU_ROOT_COUNT * (1ull << ROOT_SHIFT), "memmap.h");

static uint64_t block_entry(paddr_t paddr, enum mmu_kind kind)
{
	uint64_t entry = paddr | ENTRY_VALID | ENTRY_ACCESSED |
	                 ENTRY_INNER_SHARED | ENTRY_ATTRIBUTE(kind);

	return kind == MMU_DEVICE ? entry | ENTRY_NO_EXECUTE : entry;
}

/* Not memset(), which would touch what is not aligned. */
static INLINE void clear_32(uint64_t *entries)
{
#pragma GCC unroll 32
	for (uint32_t i = 0; i < 32; i++)
		entries[i] = 0;
}

/* Written with the MMU off, perhaps: no cached line may cover it later. */
static NOINLINE uint64_t *new_table(struct mmu *mmu, uint64_t *entry)
{
	uint64_t *table = mmu->tables[mmu->table_count];

	if (mmu->table_count++ == MMU_TABLE_MAX)
		panic("mmu: more than %u tables", MMU_TABLE_MAX);
	cache_invalidate(paddr_of(table), sizeof(mmu->tables[0]));
	for (uint64_t *next = table; next != table + MMU_TABLE_COUNT;
	     next += 32)
		clear_32(next);
	cpu_order_stores(); /* a walk must not find what was there before */
	*entry = paddr_of(table) | ENTRY_VALID | ENTRY_TABLE;
	return table;
}

/* The table behind an entry; a new one, if there is none. */
static inline uint64_t *table_at(struct mmu *mmu, uint64_t *entry)
{
	if (*entry)
		return paddr_ptr(*entry & ENTRY_ADDRESS);
	return new_table(mmu, entry);
}

static bool is_block(uint64_t entry)
{
	return (entry & (ENTRY_VALID | ENTRY_TABLE)) == ENTRY_VALID;
}

/* Two ways to reach the same memory would not see the same. */
static NORETURN void refuse_both(paddr_t paddr)
{
	panic("mmu: at %#lx: memory and registers within 2 MiB", paddr);
}

/* Blocks of 2 MiB, in the table of one GiB. */
static INLINE void map_blocks(uint64_t *table, paddr_t paddr, paddr_t end,
                              enum mmu_kind kind)
{
	uint64_t *block = &table[paddr >> BLOCK_SHIFT & (MMU_TABLE_COUNT - 1)];
	uint64_t *last = block + ((end - paddr - 1) >> BLOCK_SHIFT);
	uint64_t entry = block_entry(paddr, kind);

	for (; block <= last; block++, entry += 1ull << BLOCK_SHIFT) {
		if (!*block)
			*block = entry;
		else if (*block != entry)
			refuse_both(entry & ENTRY_ADDRESS);
	}
}

/* Whatever there is to be mapped, by whatever tables are missing. */
static NOINLINE void map_gibs(struct mmu *mmu, paddr_t paddr, paddr_t end,
                              enum mmu_kind kind)
{
	uint64_t *root =
		mmu->wide_root ? table_at(mmu, &mmu->wide_root) : mmu->root;

	while (paddr < end) {
		uint64_t *gib = table_at(mmu, &root[paddr >> ROOT_SHIFT]);
		paddr_t gib_end = align_down(paddr, GIB) + GIB;

		gib += paddr >> GIB_SHIFT & (MMU_TABLE_COUNT - 1);
		if (!*gib && paddr + GIB == gib_end && end >= gib_end)
			*gib = block_entry(paddr, kind);
		else if (!is_block(*gib))
			map_blocks(table_at(mmu, gib), paddr,
			           min_u64(end, gib_end), kind);
		else if (*gib != block_entry(gib_end - GIB, kind))
			refuse_both(paddr);
		paddr = gib_end;
	}
}

/* The table of one GiB, if there is one. */
static inline uint64_t *find_blocks(const struct mmu *mmu, paddr_t paddr)
{
	uint64_t entry = mmu->root[paddr >> ROOT_SHIFT];
	const uint64_t *gibs = paddr_ptr(entry & ENTRY_ADDRESS);

	if (!entry)
		return NULL;
	entry = gibs[paddr >> GIB_SHIFT & (MMU_TABLE_COUNT - 1)];
	if (!entry || is_block(entry))
		return NULL;
	return paddr_ptr(entry & ENTRY_ADDRESS);
}

/* From now on the root has all entries of its first eight, and of the rest. */
static NOINLINE void widen(struct mmu *mmu, paddr_t base, paddr_t end,
                           uint64_t size)
{
	uint64_t *root;

	if (end > WIDE_END || end < base)
		panic("mmu: %#lx bytes at %#lx: beyond %#lx", size, base,
		      WIDE_END);
	if (mmu->wide_root)
		return;
	root = new_table(mmu, &mmu->wide_root);
	memcpy(root, mmu->root, sizeof(mmu->root));
	cpu_sync();
	mmu_use_wide(root);
}

void mmu_map(struct mmu *mmu, paddr_t base, uint64_t size, enum mmu_kind kind)
{
	paddr_t end = align_up(base + size, 1ull << BLOCK_SHIFT);
	paddr_t paddr = align_down(base, 1ull << BLOCK_SHIFT);
	uint64_t *blocks = NULL;

	if (!size)
		return;
	if (end > MAPPED_END || end < base)
		widen(mmu, base, end, size);
	else
		blocks = find_blocks(mmu, paddr);
	if (blocks && end - align_down(paddr, GIB) <= GIB) /* as mostly */
		map_blocks(blocks, paddr, end, kind);
	else
		map_gibs(mmu, paddr, end, kind);
	cpu_sync();
}

/*
 * From entry.S, with MMU and caches off: the tables by which it can switch
 * them on. Maps the blob with its bundle, the work area, the FDT's start.
 */
void mmu_start(struct work *work, paddr_t blob_paddr, uint64_t blob_size,
               paddr_t fdt_paddr);

void mmu_start(struct work *work, paddr_t blob_paddr, uint64_t blob_size,
               paddr_t fdt_paddr)
{
	struct mmu *mmu = &work->mmu;

	for (uint32_t i = 0; i < MMU_ROOT_COUNT; i++)
		mmu->root[i] = 0;
	mmu->table_count = 0;
	mmu->wide_root = 0;
	mmu_map(mmu, blob_paddr, blob_size, MMU_NORMAL);
	mmu_map(mmu, paddr_of(work), WORK_SIZE, MMU_NORMAL);
	if (fdt_paddr && fdt_paddr < MAPPED_END)
		mmu_map(mmu, fdt_paddr, sizeof(uint64_t), MMU_NORMAL);
}

NOINLINE void cache_clean_range(paddr_t base, uint64_t size)
{
	uint64_t line = cpu_cache_line_size();
	paddr_t end = base + size;

	base = align_down(base, line);
	for (; base + 4 * line <= end; base += 4 * line) {
		cpu_clean_line(base);
		cpu_clean_line(base + line);
		cpu_clean_line(base + 2 * line);
		cpu_clean_line(base + 3 * line);
	}
	for (; base < end; base += line)
		cpu_clean_line(base);
}
