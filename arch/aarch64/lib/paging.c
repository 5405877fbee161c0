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
 *
 * Nothing is both writable and executable, and only the blob's code is
 * executable. Pages of 4 KiB tell it apart from its constants, and the stack
 * from what is below it. Page 0 is not mapped unless the blob or a tree is
 * there, since the lowest 2 MiB are always in pages.
 */
#include "arch/aarch64/lib/paging.h"

#include "arch/aarch64/lib/cache.h"
#include "common/arch.h"
#include "common/lib/console.h"
#include "common/lib/string.h"

#define ENTRY_VALID        1ull
#define ENTRY_TABLE        2ull
#define ENTRY_PAGE         2ull        /* the same in tables of pages */
#define ENTRY_DEVICE       (1ull << 2) /* a kind of memory, see reset.S */
#define ENTRY_READ_ONLY    (1ull << 7)
#define ENTRY_INNER_SHARED (3ull << 8)
#define ENTRY_ACCESSED     (1ull << 10)
#define ENTRY_NO_EXECUTE   (3ull << 53)
#define ENTRY_IN_PAGES     (1ull << 55) /* not the CPU's but ours */
#define ENTRY_ADDRESS      0xfffffffff000ull

#define ROOT_SHIFT         39
#define GIB_SHIFT          30
#define BLOCK_SHIFT        21
#define PAGE_SHIFT         12
#define GIB                (1ull << GIB_SHIFT)
#define BLOCK              (1ull << BLOCK_SHIFT)
#define PAGE               (1ull << PAGE_SHIFT)

#define WIDE_BITS          48
#define WIDE_END           (1ul << WIDE_BITS)

const uint32_t arch_address_bits = WIDE_BITS;

/* What a range is for: the bits of its entries. */
#define KIND_MEMORY (ENTRY_VALID | ENTRY_INNER_SHARED | ENTRY_ACCESSED)
#define KIND_DATA   (KIND_MEMORY | ENTRY_NO_EXECUTE)
#define KIND_DEVICE (KIND_DATA | ENTRY_DEVICE)
#define KIND_CODE   (KIND_MEMORY | ENTRY_READ_ONLY | ENTRY_IN_PAGES)
#define KIND_CONST  (KIND_DATA | ENTRY_READ_ONLY | ENTRY_IN_PAGES)
#define KIND_GUARD  ENTRY_IN_PAGES /* never mapped */

static_assert(MAPPED_END == PAGING_ROOT_COUNT * (1ull << ROOT_SHIFT),
              "memmap.h");

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

static bool is_table(uint64_t entry)
{
	return (entry & (ENTRY_VALID | ENTRY_TABLE)) ==
	       (ENTRY_VALID | ENTRY_TABLE);
}

/* One block cannot be both cached memory and device registers. */
static NORETURN void refuse_both(uint64_t entry)
{
	paddr_t paddr = entry & ENTRY_ADDRESS;

	panic("mmu: at %#lx: memory and registers within 2 MiB", paddr);
}

/* What has been mapped stays as it is. */
static INLINE void set_entry(uint64_t *entry, uint64_t value)
{
	if (!*entry)
		*entry = value;
	else if ((*entry ^ value) & ENTRY_DEVICE)
		refuse_both(value);
}

/* There may be hundreds of them, so this loop is short. */
static void map_pages(uint64_t *table, paddr_t paddr, paddr_t end,
                      uint64_t kind)
{
	uint64_t *page = &table[paddr >> PAGE_SHIFT & (PAGING_ENTRY_COUNT - 1)];
	uint64_t *page_end = page + ((end - paddr) >> PAGE_SHIFT);
	uint64_t entry = paddr | kind | ENTRY_PAGE;

	for (; page < page_end; page++, entry += PAGE)
		set_entry(page, entry);
}

/* Maps the blocks of one GiB, or the pages of those that are in pages. */
static void map_blocks(struct paging *paging, uint64_t *table, paddr_t paddr,
                       paddr_t end, uint64_t kind)
{
	uint64_t *block =
		&table[paddr >> BLOCK_SHIFT & (PAGING_ENTRY_COUNT - 1)];

	for (; paddr < end; block++) {
		paddr_t base = align_down(paddr, BLOCK);
		bool is_new_table = !*block && (!base || kind & ENTRY_IN_PAGES);

		if (is_new_table || is_table(*block))
			map_pages(table_at(paging, block), paddr,
			          min_u64(end, base + BLOCK), kind);
		else
			set_entry(block, base | kind);
		paddr = base + BLOCK;
	}
}

/* Maps a block of 1 GiB where the range covers all of it, else smaller ones. */
static void map_gibs(struct paging *paging, paddr_t paddr, paddr_t end,
                     uint64_t kind)
{
	uint64_t *root = paging->wide_root
	                         ? table_at(paging, &paging->wide_root)
	                         : paging->root;

	while (paddr < end) {
		uint64_t *gib = table_at(paging, &root[paddr >> ROOT_SHIFT]);
		paddr_t base = align_down(paddr, GIB);
		bool is_whole = paddr == base && end - base >= GIB;

		gib += paddr >> GIB_SHIFT & (PAGING_ENTRY_COUNT - 1);
		if (is_table(*gib) || !(*gib || is_whole))
			map_blocks(paging, table_at(paging, gib), paddr,
			           min_u64(end, base + GIB), kind);
		else
			set_entry(gib, base | kind);
		paddr = base + GIB;
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
                uint64_t kind)
{
	paddr_t end;

	if (!size)
		return;
	if (!is_within(base, size, WIDE_END))
		panic("mmu: %#lx bytes at %#lx: beyond %#lx", size, base,
		      WIDE_END);
	end = align_up(base + size, PAGE);
	if (end > MAPPED_END)
		widen(paging);
	map_gibs(paging, align_down(base, PAGE), end, kind);
	cpu_sync();
}

void arch_map(paddr_t base, uint64_t size)
{
	map(paddr_ptr(paging_work_paddr()), base, size, KIND_DATA);
}

void arch_map_device(paddr_t base, uint64_t size)
{
	map(paddr_ptr(paging_work_paddr()), base, size, KIND_DEVICE);
}

/*
 * reset.S calls this with MMU and caches off, to get the tables that it needs
 * to turn them on. It maps the blob, which begins with its code, the work area,
 * and the start of the FDT. Sizes are in bytes; `fdt_paddr` may be 0.
 */
void paging_start(struct paging *paging, paddr_t blob_paddr, uint64_t code_size,
                  uint64_t blob_size, paddr_t fdt_paddr);

void paging_start(struct paging *paging, paddr_t blob_paddr, uint64_t code_size,
                  uint64_t blob_size, paddr_t fdt_paddr)
{
	paddr_t work_paddr = paddr_of(paging);

	for (uint32_t i = 0; i < PAGING_ROOT_COUNT; i++)
		paging->root[i] = 0;
	paging->table_count = 0;
	paging->wide_root = 0;
	map(paging, blob_paddr, code_size, KIND_CODE);
	map(paging, blob_paddr + code_size, blob_size - code_size, KIND_CONST);
	map(paging, work_paddr + GUARD_OFFSET, STACK_OFFSET - GUARD_OFFSET,
	    KIND_GUARD);
	map(paging, work_paddr, WORK_SIZE, KIND_DATA);
	if (fdt_paddr && fdt_paddr < MAPPED_END)
		map(paging, fdt_paddr, sizeof(uint64_t), KIND_DATA);
}
