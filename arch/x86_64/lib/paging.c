/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/lib/paging.c - identity mapping, grown on demand
 *
 * The tables that we are entered with (reset.S, door.S) map the lowest 128 MiB,
 * or the lowest GiB, and the last 32 MiB below 4 GiB; few of their entries are
 * more than chance. What lies elsewhere is added here, in tables that start as
 * copies of those. 2 MiB pages: SDM 3A section 4.5.4.
 */
#include "arch/x86_64/cpu.h"
#include "arch/x86_64/memmap.h"
#include "arch/x86_64/lib/x86.h"
#include "common/arch.h"
#include "common/lib/console.h"
#include "common/lib/string.h"

#define PAGE_SIZE   0x1000
#define LARGE_SIZE  0x200000ULL
#define GIB         0x40000000ULL

#define PTE_PRESENT 0x01
#define PTE_TABLE   0x23 /* present, writable, accessed */
#define PTE_LARGE   0xe3 /* dirty too, and a large page */
#define PTE_PADDR   0x000ffffffffff000

static uint64_t *table_of(uint64_t entry)
{
	return paddr_ptr(entry & PTE_PADDR);
}

/* A page at the end of those in use; the tables lie one behind the other. */
static uint64_t *take_page(uint64_t *pml4)
{
	/* The last entry of the PML4 is never walked: it counts. */
	uint64_t *page = paddr_ptr(PAGE_TABLE_BASE + pml4[511]);

	if (PAGE_TABLE_BASE + pml4[511] == PAGE_TABLE_END)
		panic("page tables: more than %u GiB in use",
		      (PAGE_TABLE_END - PAGE_TABLE_BASE) / PAGE_SIZE);
	pml4[511] += PAGE_SIZE;
	memset(page, 0, PAGE_SIZE);
	return page;
}

/* From entry `first` on, those that are some. */
static void copy_entries(uint64_t *pd, const uint64_t *first_pd, uint32_t first)
{
	for (uint32_t i = first;
	     i < PAGE_SIZE / sizeof(*pd) && first_pd[i] & PTE_PRESENT; i++)
		pd[i] = first_pd[i];
}

/* The tables that we were entered with become whole ones. */
static uint64_t *whole_pml4(void)
{
	const uint32_t ecam = (BLOB_MAP_ECAM_BASE - 3 * GIB) / LARGE_SIZE;
	uint64_t *pml4 = paddr_ptr(cpu_read_cr3()), *pdpt, *pd;
	const uint64_t *first_pdpt, *first_pd;

	if (paddr_of(pml4) == PAGE_TABLE_BASE)
		return pml4;
	first_pdpt = table_of(pml4[0]);
	pml4 = paddr_ptr(PAGE_TABLE_BASE);
	memset(pml4, 0, PAGE_SIZE);
	pml4[511] = PAGE_SIZE;
	pdpt = take_page(pml4);
	pml4[0] = paddr_of(pdpt) | PTE_TABLE;

	pd = take_page(pml4);
	copy_entries(pd, table_of(first_pdpt[0]), 0);
	pdpt[0] = paddr_of(pd) | PTE_TABLE;

	first_pd = table_of(first_pdpt[3]);
	pd = take_page(pml4);
	copy_entries(pd, first_pd, (BLOB_MAP_HIGH_BASE - 3 * GIB) / LARGE_SIZE);
	pd[ecam] = first_pd[ecam];
	pdpt[3] = paddr_of(pd) | PTE_TABLE;
	cpu_write_cr3(PAGE_TABLE_BASE);
	return pml4;
}

static void map_page(uint64_t *pml4, paddr_t paddr)
{
	uint64_t *entry = &pml4[paddr / (512 * GIB)];

	if (!(*entry & PTE_PRESENT))
		*entry = paddr_of(take_page(pml4)) | PTE_TABLE;
	entry = &table_of(*entry)[paddr / GIB % 512];
	if (!(*entry & PTE_PRESENT))
		*entry = paddr_of(take_page(pml4)) | PTE_TABLE;
	table_of(*entry)[paddr / LARGE_SIZE % 512] = paddr | PTE_LARGE;
}

static NOINLINE void map(paddr_t base, paddr_t end)
{
	uint64_t *pml4;

	check(end > base && end <= 511 * 512 * GIB);
	pml4 = whole_pml4();
	for (base = align_down(base, LARGE_SIZE); base < end;
	     base += LARGE_SIZE)
		map_page(pml4, base);
}

/* Nearly always there is nothing to do, and then little is done. */
void arch_map(paddr_t base, uint64_t size)
{
	paddr_t end = base + size;

	if (!size || end <= BLOB_MAP_LOW_END ||
	    (base >= BLOB_MAP_HIGH_BASE && end <= 4 * GIB))
		return;
	map(base, end);
}
