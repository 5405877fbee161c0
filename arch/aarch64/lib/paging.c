/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/aarch64/lib/paging.c - maps memory one to one, as it is needed
 *
 * DDI 0487, section D8.3: the granule is 4 KiB, and addresses have 42 bits. The
 * root's 8 entries cover 512 GiB each; tables below it have blocks of 1 GiB and
 * 2 MiB. Only what a caller asks for is mapped, so that no CPU speculates into
 * device registers. An entry only ever changes from invalid to valid, so it
 * needs no TLB maintenance. Some VMMs put BARs at the end of the address space,
 * above 42 bits. For these, a root of 512 entries replaces the first one.
 */
#include "arch/aarch64/lib/paging.h"

#include "arch/aarch64/lib/cache.h"
#include "common/arch.h"
#include "common/lib/console.h"
#include "common/lib/string.h"

#define ENTRY_VALID        1ull
#define ENTRY_TABLE        2ull
#define ENTRY_ACCESSED     (1ull << 10)
#define ENTRY_INNER_SHARED (3ull << 8)
#define ENTRY_ATTRIBUTE(i) ((uint64_t)(i) << 2) /* See reset.S. */
#define ENTRY_NO_EXECUTE   (3ull << 53)
#define ENTRY_ADDRESS      0xfffffffff000ull

#define ROOT_SHIFT         39
#define GIB_SHIFT          30
#define BLOCK_SHIFT        21
#define GIB                (1ull << GIB_SHIFT)

#define WIDE_BITS          48
#define WIDE_END           (1ul << WIDE_BITS)

const uint32_t arch_address_bits = WIDE_BITS;

enum kind {
	KIND_NORMAL = 0, /* RAM and ROM: write-back */
	KIND_DEVICE = 1, /* registers: in order, one by one */
};

static_assert(MAPPED_END == PAGING_ROOT_COUNT * (1ull << ROOT_SHIFT),
              "memmap.h");

static uint64_t block_entry(paddr_t paddr, enum kind kind)
{
	uint64_t entry = paddr | ENTRY_VALID | ENTRY_ACCESSED |
	                 ENTRY_INNER_SHARED | ENTRY_ATTRIBUTE(kind);

	return kind == KIND_DEVICE ? entry | ENTRY_NO_EXECUTE : entry;
}

/*
 * The MMU may still be off when the table is written. A stale cache line must
 * not cover the table later.
 */
static uint64_t *new_table(struct paging *paging, uint64_t *entry)
{
	uint64_t *table;

	if (paging->table_count == PAGING_TABLE_MAX)
		panic("mmu: more than %u tables", PAGING_TABLE_MAX);
	table = paging->tables[paging->table_count++];
	cache_invalidate(paddr_of(table), sizeof(paging->tables[0]));
	memset(table, 0, sizeof(paging->tables[0]));
	cpu_order_stores(); /* A table walk must not see the old contents. */
	*entry = paddr_of(table) | ENTRY_VALID | ENTRY_TABLE;
	return table;
}

/* Returns the table that the entry points to, a new one if there is none. */
static uint64_t *table_at(struct paging *paging, uint64_t *entry)
{
	if (*entry)
		return paddr_ptr(*entry & ENTRY_ADDRESS);
	return new_table(paging, entry);
}

static bool is_block(uint64_t entry)
{
	return (entry & (ENTRY_VALID | ENTRY_TABLE)) == ENTRY_VALID;
}

/* One block cannot be both cached memory and device registers. */
static NORETURN void refuse_both(paddr_t paddr)
{
	panic("mmu: at %#lx: memory and registers within 2 MiB", paddr);
}

/* Maps blocks of 2 MiB in the table of one GiB. */
static void map_blocks(uint64_t *table, paddr_t paddr, paddr_t end,
                       enum kind kind)
{
	uint64_t *block =
		&table[paddr >> BLOCK_SHIFT & (PAGING_ENTRY_COUNT - 1)];
	uint64_t *last = block + ((end - paddr - 1) >> BLOCK_SHIFT);
	uint64_t entry = block_entry(paddr, kind);

	for (; block <= last; block++, entry += 1ull << BLOCK_SHIFT) {
		if (!*block)
			*block = entry;
		else if (*block != entry)
			refuse_both(entry & ENTRY_ADDRESS);
	}
}

/* Maps a block of 1 GiB where the range covers all of it, else 2 MiB blocks. */
static void map_gibs(struct paging *paging, paddr_t paddr, paddr_t end,
                     enum kind kind)
{
	uint64_t *root = paging->wide_root
	                         ? table_at(paging, &paging->wide_root)
	                         : paging->root;

	while (paddr < end) {
		uint64_t *gib = table_at(paging, &root[paddr >> ROOT_SHIFT]);
		paddr_t gib_end = align_down(paddr, GIB) + GIB;

		gib += paddr >> GIB_SHIFT & (PAGING_ENTRY_COUNT - 1);
		if (!*gib && paddr + GIB == gib_end && end >= gib_end)
			*gib = block_entry(paddr, kind);
		else if (!is_block(*gib))
			map_blocks(table_at(paging, gib), paddr,
			           min_u64(end, gib_end), kind);
		else if (*gib != block_entry(gib_end - GIB, kind))
			refuse_both(paddr);
		paddr = gib_end;
	}
}

/* Replaces the root by one of 512 entries, whose first 8 are the old ones. */
static void widen(struct paging *paging)
{
	uint64_t *root;

	if (paging->wide_root)
		return;
	root = new_table(paging, &paging->wide_root);
	memcpy(root, paging->root, sizeof(paging->root));
	cpu_sync();
	paging_use_wide(root);
}

static void map(struct paging *paging, paddr_t base, uint64_t size,
                enum kind kind)
{
	paddr_t end;

	if (!size)
		return;
	if (!is_within(base, size, WIDE_END))
		panic("mmu: %#lx bytes at %#lx: beyond %#lx", size, base,
		      WIDE_END);
	end = align_up(base + size, 1ull << BLOCK_SHIFT);
	if (end > MAPPED_END)
		widen(paging);
	map_gibs(paging, align_down(base, 1ull << BLOCK_SHIFT), end, kind);
	cpu_sync();
}

void arch_map(paddr_t base, uint64_t size)
{
	map(paddr_ptr(paging_work_paddr()), base, size, KIND_NORMAL);
}

void arch_map_device(paddr_t base, uint64_t size)
{
	map(paddr_ptr(paging_work_paddr()), base, size, KIND_DEVICE);
}

/*
 * reset.S calls this with MMU and caches off, to get the tables that it needs
 * to turn them on. It maps the blob with its bundle, the work area, and the
 * start of the FDT. `blob_size` is in bytes; `fdt_paddr` may be 0.
 */
void paging_start(struct paging *paging, paddr_t blob_paddr, uint64_t blob_size,
                  paddr_t fdt_paddr);

void paging_start(struct paging *paging, paddr_t blob_paddr, uint64_t blob_size,
                  paddr_t fdt_paddr)
{
	for (uint32_t i = 0; i < PAGING_ROOT_COUNT; i++)
		paging->root[i] = 0;
	paging->table_count = 0;
	paging->wide_root = 0;
	map(paging, blob_paddr, blob_size, KIND_NORMAL);
	map(paging, paddr_of(paging), WORK_SIZE, KIND_NORMAL);
	if (fdt_paddr && fdt_paddr < MAPPED_END)
		map(paging, fdt_paddr, sizeof(uint64_t), KIND_NORMAL);
}
