/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/unit/test_paging.c - page tables of x86_64, walked as a processor does
 *
 * SDM 3A section 4.5.4. The tables are where the blob has them.
 */
#include <string.h>

#include "arch/x86_64/lib/paging.h"
#include "arch/x86_64/lib/regs.h"
#include "arch/x86_64/memmap.h"
#include "common/arch.h"
#include "tests/unit/fake_cpu.h"
#include "tests/unit/fake_ram.h"
#include "tests/unit/test.h"

#define LOW_BASE   0x1000
#define GIB        0x40000000ULL
#define LARGE      0x200000ULL
#define TABLE_MAX  ((PAGE_TABLE_END - PAGE_TABLE_BASE) / 0x1000)
#define PAGE       0x1000ULL
#define PADDR      0x000ffffffffff000
#define PATTERN    0xa5
#define BLOB       0x3ff000 /* on two large pages */

#define NO_EXECUTE (1ULL << 63)

static uint64_t *table(paddr_t paddr)
{
	return paddr_ptr(paddr);
}

/* C starts with the tables of door/long_mode.S. */
static void start_with(uint64_t no_execute)
{
	memset(paddr_ptr(LOW_BASE), PATTERN, LOW_RAM_END - LOW_BASE);
	memset(paddr_ptr(FIRST_PT), 0, FIRST_TABLES_SIZE);
	table(FIRST_PML4)[0] = FIRST_PDPT | PTE_TABLE;
	table(FIRST_PDPT)[0] = FIRST_PD_LOW | PTE_TABLE;
	table(FIRST_PDPT)[3] = FIRST_PD_HIGH | PTE_TABLE;
	table(FIRST_PD_LOW)[0] = FIRST_PT | PTE_TABLE;
	table(FIRST_PD_LOW)[BLOB / LARGE] = BLOB | PTE_LARGE;
	for (uint64_t i = 0; i < LARGE / PAGE; i++)
		table(FIRST_PT)[i] = i * PAGE | PTE_PAGE;
	for (uint64_t i = 0; i < BLOB_SIZE / PAGE; i++)
		table(FIRST_PT)[BLOB_VADDR / PAGE + i] =
			(BLOB + i * PAGE) | PTE_CODE;
	*table(PAGE_NO_EXECUTE) = no_execute;
	*table(PAGE_TABLE_NEXT) = PAGE_TABLE_BASE;
	fake_cpu_clear();
	fake_cpu.cr3 = FIRST_PML4;
	paging_start(BLOB_MAP_LOW_END);
	EXPECT_EQ(fake_cpu.cr3_writes, 1);
	fake_cpu.cr3_writes = 0;
}

static void start(void)
{
	start_with(NO_EXECUTE);
}

static uint64_t tables_taken(void)
{
	return (*table(PAGE_TABLE_NEXT) - PAGE_TABLE_BASE) / 0x1000;
}

/* Returns the entry of the page at `vaddr`, or 0 if there is none. */
static uint64_t page_at(uint64_t vaddr)
{
	paddr_t at = fake_cpu.cr3;

	for (uint32_t shift = 39;; shift -= 9) {
		uint64_t entry = table(at)[vaddr >> shift & 511];

		if (!(entry & 1))
			return 0;
		if (shift == 12 || entry & PTE_LARGE & ~PTE_PAGE)
			return entry;
		EXPECT_EQ(entry & 0xfff, PTE_TABLE);
		at = entry & PADDR;
		EXPECT(at < LOW_RAM_CLAIM_END);
	}
}

/* Translates an address as data. The result of a fault is UINT64_MAX. */
static paddr_t walk(uint64_t vaddr)
{
	uint64_t entry = page_at(vaddr);

	if (!entry)
		return UINT64_MAX;
	if (vaddr >= LARGE) {
		EXPECT_EQ(entry & 0xfff, PTE_LARGE);
		return (entry & PADDR) + vaddr % LARGE;
	}
	return (entry & PADDR) + vaddr % PAGE;
}

static bool is_code(uint64_t vaddr)
{
	return !(page_at(vaddr) & NO_EXECUTE);
}

static void expect_mapped(paddr_t base, uint64_t size)
{
	for (paddr_t at = base; at < base + size; at += LARGE)
		EXPECT_EQ(walk(at), at);
	EXPECT_EQ(walk(base + size - 1), base + size - 1);
}

static void what_is_mapped_is_at_itself(void)
{
	start();
	arch_map(GIB + 0x345678, 0x10);
	expect_mapped(GIB + 0x345678, 0x10);
	EXPECT_EQ(walk(GIB + LARGE - 1), UINT64_MAX);
	EXPECT_EQ(walk(GIB + 2 * LARGE), UINT64_MAX);
	EXPECT_EQ(tables_taken(), 1);
	arch_map_device(0xfee00000, 4);
	expect_mapped(0xfee00000, 4);
	EXPECT_EQ(tables_taken(), 1);
}

static void a_page_that_is_touched_at_its_edge_is_mapped(void)
{
	start();
	arch_map(2 * GIB + LARGE - 1, 2);
	expect_mapped(2 * GIB, 2 * LARGE);
	EXPECT_EQ(walk(2 * GIB + 2 * LARGE), UINT64_MAX);
}

static void ranges_cross_the_edges_of_tables(void)
{
	start();
	arch_map(512 * GIB - LARGE, 2 * LARGE);
	expect_mapped(512 * GIB - LARGE, 2 * LARGE);
	/* The old pointer table gets a directory, and two tables are new. */
	EXPECT_EQ(tables_taken(), 3);
	arch_map(5 * GIB - 3 * LARGE, GIB + 7 * LARGE);
	expect_mapped(5 * GIB - 3 * LARGE, GIB + 7 * LARGE);
	EXPECT_EQ(tables_taken(), 6);
}

static void expect_one_entry(paddr_t paddr)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < 512; i++)
		count += table(paddr)[i] != 0;
	EXPECT_EQ(count, 1);
}

/* RAM may have any contents before. */
static void new_tables_are_cleared(void)
{
	start();
	arch_map(1ULL << 45, 1);
	EXPECT_EQ(tables_taken(), 2);
	expect_one_entry(PAGE_TABLE_BASE);
	expect_one_entry(PAGE_TABLE_BASE + 0x1000);
	/* Memory that was not taken does not change. */
	EXPECT(fake_ram_is(PAGE_TABLE_BASE + 2 * 0x1000, BOOT_BASE, PATTERN));
}

/* SDM 3A section 4.5: if bit 0 is clear, the others mean nothing. */
static void an_entry_that_is_not_present_is_none(void)
{
	paddr_t mark;

	start();
	mark = paging_mark();
	table(FIRST_PML4)[3] = table(FIRST_PML4)[4] = ~1ULL;
	arch_map(3 * 512 * GIB, 1);
	expect_mapped(3 * 512 * GIB, 1);
	EXPECT_EQ(tables_taken(), 2);
	paging_release(mark);
	EXPECT_EQ(table(FIRST_PML4)[4], ~1ULL);
	EXPECT_EQ(tables_taken(), 0);
}

static void what_is_mapped_already_takes_no_table(void)
{
	start();
	arch_map(0x100000, BLOB_MAP_LOW_END - 0x100000);
	arch_map(0x3fe00000, LARGE);
	EXPECT_EQ(tables_taken(), 0);
	expect_mapped(0x3fe00000, LARGE);
	arch_map(7 * GIB, GIB);
	arch_map(7 * GIB, GIB);
	EXPECT_EQ(tables_taken(), 1);
	expect_mapped(7 * GIB, GIB);
}

static void what_no_table_reaches_panics(void)
{
	const uint64_t end = 1ULL << 46;

	EXPECT_EQ(arch_address_bits, 46);
	start();
	arch_map(end - LARGE, LARGE);
	expect_mapped(end - LARGE, LARGE);
	EXPECT_PANIC("page tables: 0x200001 bytes at 0x3fffffe00000: beyond "
	             "0x400000000000",
	             arch_map(end - LARGE, LARGE + 1));
	EXPECT_PANIC("beyond 0x400000000000", arch_map(end, 1));
	EXPECT_PANIC("beyond 0x400000000000", arch_map(0x1000, UINT64_MAX));
	EXPECT_PANIC("beyond 0x400000000000", arch_map(-0x1000ULL, 0x2000));
}

static void too_many_tables_panic(void)
{
	start();
	for (uint64_t i = 0; i < TABLE_MAX; i++)
		arch_map((4 + i) * GIB, 1);
	EXPECT_EQ(tables_taken(), TABLE_MAX);
	EXPECT_PANIC("page tables: more than 20 GiB in use",
	             arch_map(100 * GIB, 1));
	EXPECT(fake_ram_is(PAGE_TABLE_END, BOOT_BASE, PATTERN));
	expect_mapped((4 + TABLE_MAX - 1) * GIB, 1);
}

static void what_is_released_is_as_never_mapped(void)
{
	paddr_t mark;

	start();
	arch_map(8 * GIB, 1);
	mark = paging_mark();
	EXPECT_EQ(mark, PAGE_TABLE_BASE + 0x1000);
	arch_map(9 * GIB, 1);
	arch_map(600 * GIB, 1);
	EXPECT_EQ(tables_taken(), 4);
	/* An entry to what is no table of ours stays. */
	table(FIRST_PDPT)[100] = (4 * GIB + mark) | PTE_TABLE;
	/* Nor is one looked at that leads to a page, or behind a table. */
	table(FIRST_PD_LOW)[0] = table(FIRST_PD_LOW)[7] = mark | PTE_LARGE;
	paging_release(mark);
	EXPECT_EQ(table(FIRST_PDPT)[100], (4 * GIB + mark) | PTE_TABLE);
	EXPECT_EQ(table(FIRST_PD_LOW)[0], mark | PTE_LARGE);
	EXPECT_EQ(table(FIRST_PD_LOW)[7], mark | PTE_LARGE);
	table(FIRST_PDPT)[100] = 0;
	table(FIRST_PD_LOW)[0] = FIRST_PT | PTE_TABLE;
	table(FIRST_PD_LOW)[7] = 7 * LARGE | PTE_LARGE;
	EXPECT_EQ(tables_taken(), 1);
	EXPECT_EQ(paging_mark(), mark);
	EXPECT_EQ(walk(9 * GIB), UINT64_MAX);
	EXPECT_EQ(walk(600 * GIB), UINT64_MAX);
	expect_mapped(8 * GIB, 1);
	expect_mapped(LARGE, BLOB_MAP_LOW_END - LARGE);
	/* CR3 was loaded again, which drops old translations. */
	EXPECT_EQ(fake_cpu.cr3, FIRST_PML4);
	EXPECT_EQ(fake_cpu.cr3_writes, 1);
}

/* Each entry of a table that stays is looked at. */
static void the_first_and_the_last_entry_are_released(void)
{
	paddr_t mark;

	start();
	arch_map(513 * GIB, 1);
	mark = paging_mark();
	arch_map(512 * GIB, 1);
	arch_map(1023 * GIB, 1);
	paging_release(mark);
	EXPECT_EQ(walk(512 * GIB), UINT64_MAX);
	EXPECT_EQ(walk(1023 * GIB), UINT64_MAX);
	expect_mapped(513 * GIB, 1);
}

/* The search for RAM by trial halves ranges, and needs tables each time. */
static void released_tables_serve_again(void)
{
	start();
	for (uint64_t i = 0; i < 100; i++) {
		paddr_t mark = paging_mark();

		for (uint64_t j = 0; j < TABLE_MAX; j++)
			arch_map((4 + i + j) * GIB, 1);
		paging_release(mark);
	}
	EXPECT_EQ(tables_taken(), 0);
	expect_mapped(LARGE, BLOB_MAP_LOW_END - LARGE);
	for (uint64_t i = 4; i < 130; i++)
		EXPECT_EQ(walk(i * GIB), UINT64_MAX);
}

static void only_the_blob_is_code_and_it_is_not_writable(void)
{
	start();
	for (uint64_t at = 0; at < 4 * GIB; at += at < LARGE ? PAGE : LARGE) {
		bool is_blob = at - BLOB_VADDR < BLOB_SIZE;

		if (!page_at(at))
			continue;
		EXPECT_EQ(is_code(at), is_blob);
		EXPECT_EQ(page_at(at) & 2, is_blob ? 0 : 2);
		if (is_blob)
			EXPECT_EQ(walk(at), BLOB + at - BLOB_VADDR);
		else
			EXPECT_EQ(walk(at), at);
	}
	/* Q35's or GPEX's configuration space, and what all PCs have */
	EXPECT_EQ(walk(0xe0000000), 0xe0000000);
	EXPECT_EQ(walk(0xe0200000), UINT64_MAX);
	EXPECT_EQ(walk(0xdfffffff), UINT64_MAX);
	EXPECT_EQ(walk(0xfe000000), 0xfe000000);
	EXPECT_EQ(walk(0xfdffffff), UINT64_MAX);
	EXPECT_EQ(walk(4 * GIB - 1), 4 * GIB - 1);
	EXPECT_EQ(walk(4 * GIB), UINT64_MAX);
	EXPECT_EQ(walk(BLOB_MAP_LOW_END), UINT64_MAX);
	EXPECT_EQ(paging_blob(), BLOB);
	arch_map(5 * GIB, 1);
	EXPECT(!is_code(5 * GIB));
	/* Only their other names reach page 0, and the page below the stack. */
	EXPECT_EQ(walk(0), UINT64_MAX);
	EXPECT_EQ(walk(STACK_GUARD), UINT64_MAX);
	EXPECT_EQ(walk(STACK_BASE - 1), UINT64_MAX);
	EXPECT_EQ(walk(STACK_BASE), STACK_BASE);
}

/* A VMM may have its tables where the blob's addresses are. */
static void what_is_low_has_another_address(void)
{
	start();
	for (paddr_t at = 0; at < LARGE; at += PAGE) {
		EXPECT_EQ(walk(LOW_ALIAS + at), at);
		EXPECT(!is_code(LOW_ALIAS + at));
	}
	EXPECT_EQ(walk(LOW_ALIAS + LARGE), UINT64_MAX);
	EXPECT_EQ(paddr_of(paging_given(0xa0000, LARGE - 0xa0000)),
	          LOW_ALIAS + 0xa0000);
	EXPECT_EQ(paddr_of(paging_given(0x100000, LARGE)), 0x100000);
	EXPECT_EQ(paging_paddr(paging_given(0xa0000, LARGE - 0xa0000)),
	          0xa0000);
	EXPECT_EQ(paging_paddr(paging_given(5 * GIB, GIB)), 5 * GIB);
	EXPECT_PANIC("paging: 0x160001 bytes at 0xa0000: must end below 2 MiB",
	             paging_given(0xa0000, LARGE - 0xa0000 + 1));
	EXPECT_PANIC("paging: 0xffffffffffffffff bytes at 0xfffff: must end",
	             paging_given(0xfffff, UINT64_MAX));
}

/* Below 2 MiB, pages have 4 KiB; each that is touched becomes code. */
static void low_pages_are_opened_one_by_one(void)
{
	start();
	paging_open(0x3000, 0x1000);
	EXPECT(!is_code(0x2000) && is_code(0x3000) && !is_code(0x4000));
	start();
	paging_open(0x3fff, 2);
	EXPECT(!is_code(0x2000) && is_code(0x3000) && is_code(0x4000));
	EXPECT(!is_code(0x5000));
	start();
	paging_open(LARGE - PAGE, PAGE + 1);
	EXPECT(!is_code(LARGE - 2 * PAGE) && is_code(LARGE - PAGE));
	EXPECT(is_code(LARGE) && !is_code(2 * LARGE));
	EXPECT_EQ(walk(LARGE - 1), LARGE - 1);
}

/* The tables of a CPU that knows no such bit have 0 where it would be. */
static void without_the_bit_all_is_code(void)
{
	start_with(0);
	arch_map(5 * GIB, 1);
	expect_mapped(LARGE, BLOB_MAP_LOW_END - LARGE);
	for (uint64_t at = PAGE; at < 6 * GIB; at += at < LARGE ? PAGE : LARGE)
		EXPECT(is_code(at));
}

static void the_kernel_becomes_code(void)
{
	start();
	arch_map(0x4000000, 0x4000000);
	paging_open(0x4345678, 0x543210);
	EXPECT_EQ(fake_cpu.cr3_writes, 1); /* drops what was cached as data */
	EXPECT(!is_code(0x41fffff));
	for (uint64_t at = 0x4200000; at < 0x4a00000; at += LARGE)
		EXPECT(is_code(at) && walk(at) == at);
	EXPECT(!is_code(0x4a00000));
	paging_open(LARGE - 2 * PAGE, BLOB_SIZE);
	EXPECT(!is_code(LARGE - 2 * PAGE - 1));
	EXPECT(is_code(LARGE - 2 * PAGE) && is_code(LARGE - 1));
	EXPECT(is_code(LARGE) && !is_code(2 * LARGE));
	EXPECT_EQ(walk(LARGE - 1), LARGE - 1);
}

int main(void)
{
	if (!fake_ram_map(LOW_BASE, LOW_RAM_END))
		return fake_ram_skip("test_paging");
	RUN(only_the_blob_is_code_and_it_is_not_writable);
	RUN(what_is_low_has_another_address);
	RUN(low_pages_are_opened_one_by_one);
	RUN(without_the_bit_all_is_code);
	RUN(the_kernel_becomes_code);
	RUN(what_is_mapped_is_at_itself);
	RUN(a_page_that_is_touched_at_its_edge_is_mapped);
	RUN(ranges_cross_the_edges_of_tables);
	RUN(new_tables_are_cleared);
	RUN(an_entry_that_is_not_present_is_none);
	RUN(what_is_mapped_already_takes_no_table);
	RUN(what_no_table_reaches_panics);
	RUN(too_many_tables_panic);
	RUN(what_is_released_is_as_never_mapped);
	RUN(the_first_and_the_last_entry_are_released);
	RUN(released_tables_serve_again);
	return test_status();
}
