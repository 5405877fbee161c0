/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/lib/paging.c - identity mapping, grown on demand
 *
 * The tables that C is entered with (door/long_mode.S) map the blob, and the
 * lowest 2 MiB in pages of 4 KiB. This module maps the rest in pages of 2 MiB,
 * SDM 3A section 4.5.4. Where the CPU can tell code from data, nothing is code
 * but the blob at BLOB_VADDR, which is not writable, then what the CPUs of a
 * pool begin with, and then the kernel.
 */
#include "arch/x86_64/lib/paging.h"

#include "arch/x86_64/cpu.h"
#include "arch/x86_64/lib/regs.h"
#include "arch/x86_64/memmap.h"
#include "common/arch.h"
#include "common/lib/console.h"
#include "common/lib/string.h"

#define PAGE_SIZE   0x1000
#define ENTRY_COUNT 512
#define LARGE_SIZE  0x200000ULL
#define GIB         0x40000000ULL

#define PTE_PRESENT 0x01
#define PTE_PADDR   0x000ffffffffff000

#define MAP_BITS    46
#define MAP_END     (1UL << MAP_BITS)

const uint32_t arch_address_bits = MAP_BITS;

static uint64_t *take_table(void)
{
	uint32_t *next = paddr_ptr(PAGE_TABLE_NEXT); /* the other half is 0 */
	uint32_t table = *next;

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

/*
 * Maps [base, base + size) at itself; `bits` are PTE_LARGE and perhaps that of
 * no-execute pages. The lowest 2 MiB stay as they are.
 */
static void map(paddr_t base, uint64_t size, uint64_t bits)
{
	uint64_t *pml4 = paddr_ptr(cpu_read_cr3()), *pdpt, *pd = NULL;

	if (!is_within(base, size, MAP_END))
		panic_range("page tables", size, base, "beyond %#lx", MAP_END);
	for (paddr_t page = max_u64(align_down(base, LARGE_SIZE), LARGE_SIZE);
	     page < base + size; page += LARGE_SIZE) {
		if (!pd || page % GIB == 0) { /* each GiB has a table */
			pdpt = table_at(&pml4[page / (ENTRY_COUNT * GIB)]);
			pd = table_at(&pdpt[page / GIB % ENTRY_COUNT]);
		}
		pd[page / LARGE_SIZE % ENTRY_COUNT] = page | bits;
	}
}

static uint64_t no_execute(void)
{
	return *(const uint64_t *)paddr_ptr(PAGE_NO_EXECUTE);
}

void arch_map(paddr_t base, uint64_t size)
{
	map(base, size, PTE_LARGE | no_execute());
}

/*
 * Memory type registers (mtrr.c) may leave a device cached, but a VMM emulates
 * its registers all the same.
 */
void arch_map_device(paddr_t base, uint64_t size)
{
	arch_map(base, size);
}

/* Adds bits to the entries of [base, end), which are in one table. */
static void set_bits(uint64_t *pt, paddr_t base, paddr_t end, uint64_t bits)
{
	for (paddr_t i = base / PAGE_SIZE; i < end / PAGE_SIZE; i++)
		pt[i] |= bits;
}

static void put(paddr_t paddr, uint64_t entry)
{
	*(uint64_t *)paddr_ptr(paddr) = entry;
}

void paging_start(paddr_t end)
{
	uint64_t *pt = paddr_ptr(FIRST_PT);
	const uint64_t bit = no_execute();

	set_bits(pt, 0, BLOB_VADDR, bit);
	set_bits(pt, BLOB_VADDR + BLOB_SIZE, LARGE_SIZE, bit);
	pt[0] = 0;
	pt[STACK_GUARD / PAGE_SIZE] = 0;
	memset(paddr_ptr(LOW_ALIAS_PDPT), 0, 2 * PAGE_SIZE);
	put(FIRST_PML4 + LOW_ALIAS / (ENTRY_COUNT * GIB) * sizeof(*pt),
	    LOW_ALIAS_PDPT | PTE_TABLE);
	put(LOW_ALIAS_PDPT, LOW_ALIAS_PD | PTE_TABLE);
	put(LOW_ALIAS_PD, PTE_LARGE | bit);
	arch_map(0, end);
	arch_map(BLOB_MAP_HIGH_BASE, 4 * GIB - BLOB_MAP_HIGH_BASE);
	arch_map(BLOB_MAP_ECAM_BASE, 1);
	cpu_write_cr3(cpu_read_cr3()); /* this drops cached translations */
}

void paging_open(paddr_t base, uint64_t size)
{
	uint64_t *pt = paddr_ptr(FIRST_PT);

	for (paddr_t page = align_down(base, PAGE_SIZE);
	     page < base + size && page < LARGE_SIZE; page += PAGE_SIZE)
		pt[page / PAGE_SIZE] = page | PTE_PAGE;
	map(base, size, PTE_LARGE);
	cpu_write_cr3(cpu_read_cr3()); /* a cached entry may be no code yet */
}

void *paging_given(paddr_t paddr, uint64_t size)
{
	if (paddr >= HIGH_RAM_BASE)
		return paddr_ptr(paddr);
	if (size > LARGE_SIZE - paddr)
		panic("paging: %#lx bytes at %#lx: must end below 2 MiB", size,
		      paddr);
	return paddr_ptr(LOW_ALIAS + paddr);
}

paddr_t paging_paddr(const void *given)
{
	return paddr_of(given) % LOW_ALIAS;
}

paddr_t paging_blob(void)
{
	const uint64_t *pt = paddr_ptr(FIRST_PT);

	return pt[BLOB_VADDR / PAGE_SIZE] & PTE_PADDR;
}

paddr_t paging_mark(void)
{
	return *(const uint32_t *)paddr_ptr(PAGE_TABLE_NEXT);
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
	*(uint32_t *)paddr_ptr(PAGE_TABLE_NEXT) = (uint32_t)mark;
	cpu_write_cr3(paddr_of(pml4)); /* this drops cached translations */
}
