/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/lib/paging.c - identity mapping, grown on demand
 *
 * The tables that C is entered with (first_tables.h) map the lowest 128 MiB or
 * the lowest GiB, a page for the ECAM, and the last 32 MiB below 4 GiB. This
 * module maps the rest in 2 MiB pages, SDM 3A section 4.5.4.
 */
#include "arch/x86_64/lib/paging.h"

#include "arch/x86_64/cpu.h"
#include "arch/x86_64/memmap.h"
#include "common/arch.h"
#include "common/lib/console.h"
#include "common/lib/string.h"

#define PAGE_SIZE   0x1000
#define ENTRY_COUNT 512
#define LARGE_SIZE  0x200000ULL
#define GIB         0x40000000ULL

#define PTE_PRESENT 0x01
#define PTE_TABLE   0x23 /* present, writable, accessed */
#define PTE_LARGE   0xe3 /* dirty too, and a large page */
#define PTE_PADDR   0x000ffffffffff000

#define MAP_BITS    46
#define MAP_END     (1UL << MAP_BITS)

const uint32_t arch_address_bits = MAP_BITS;

static uint64_t *take_table(void)
{
	paddr_t *next = paddr_ptr(PAGE_TABLE_NEXT);
	paddr_t table = *next;

	if (table == PAGE_TABLE_END)
		panic("page tables: more than %u GiB in use",
		      (PAGE_TABLE_END - PAGE_TABLE_BASE) / PAGE_SIZE);
	*next = table + PAGE_SIZE;
	return memset(paddr_ptr(table), 0, PAGE_SIZE);
}

/* Returns the table that an entry leads to, which is new if there was none. */
static uint64_t *table_at(uint64_t *entry)
{
	if (!(*entry & PTE_PRESENT))
		*entry = paddr_of(take_table()) | PTE_TABLE;
	return paddr_ptr(*entry & PTE_PADDR);
}

void arch_map(paddr_t base, uint64_t size)
{
	uint64_t *pml4 = paddr_ptr(cpu_read_cr3()), *pdpt, *pd = NULL;

	if (!is_within(base, size, MAP_END))
		panic("page tables: %#lx bytes at %#lx: beyond %#lx", size,
		      base, MAP_END);
	for (paddr_t page = align_down(base, LARGE_SIZE); page < base + size;
	     page += LARGE_SIZE) {
		if (!pd || page % GIB == 0) { /* each GiB has a table */
			pdpt = table_at(&pml4[page / (ENTRY_COUNT * GIB)]);
			pd = table_at(&pdpt[page / GIB % ENTRY_COUNT]);
		}
		pd[page / LARGE_SIZE % ENTRY_COUNT] = page | PTE_LARGE;
	}
}

/*
 * Memory type registers (mtrr.c) may leave a device cached, but a VMM emulates
 * its registers all the same.
 */
void arch_map_device(paddr_t base, uint64_t size)
{
	arch_map(base, size);
}

paddr_t paging_mark(void)
{
	return *(const paddr_t *)paddr_ptr(PAGE_TABLE_NEXT);
}

/* Clears the entries of a table that lead to tables from `mark` on. */
static void forget(uint64_t *table, paddr_t mark)
{
	for (uint32_t i = 0; i < ENTRY_COUNT; i++) {
		paddr_t next = table[i] & PTE_PADDR;

		if (next >= mark && next < PAGE_TABLE_END)
			table[i] = 0;
	}
}

void paging_release(paddr_t mark)
{
	uint64_t *pml4 = paddr_ptr(cpu_read_cr3());

	forget(pml4, mark);
	for (uint32_t i = 0; i < ENTRY_COUNT; i++) {
		if (pml4[i] & PTE_PRESENT)
			forget(paddr_ptr(pml4[i] & PTE_PADDR), mark);
	}
	*(paddr_t *)paddr_ptr(PAGE_TABLE_NEXT) = mark;
	cpu_write_cr3(paddr_of(pml4)); /* this drops cached translations */
}
