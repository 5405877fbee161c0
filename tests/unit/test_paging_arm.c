/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/unit/test_paging_arm.c - translation tables of AArch64, walked as a
 * processor does
 *
 * DDI 0487, section D8.3. Behind the tables there is memory that must not
 * change.
 */
#include <string.h>

#include "arch/aarch64/lib/paging.h"
#include "common/arch.h"
#include "tests/unit/fake_arm.h"
#include "tests/unit/fake_ram.h"
#include "tests/unit/test.h"

#define MIB     0x100000ULL
#define GIB     0x40000000ULL
#define BLOCK   (2 * MIB)
#define PAGE    0x1000ULL
#define RAM     GIB
#define PATTERN 0xa5
#define NOTHING UINT64_MAX

/* A blob and its bundle. The bundle begins in the blob's last page. */
#define CODE_SIZE 0xf000ULL
#define BLOB_SIZE 0x11dc0ULL
#define FILE_SIZE (BLOCK + 0x5010)

/* paging.c has this for its door alone. */
void paging_start(struct paging *paging, paddr_t blob_paddr, uint64_t code_size,
                  uint64_t blob_size, paddr_t fdt_paddr);

/* The work area starts with the tables. What is behind is not theirs. */
struct work {
	struct paging paging;
	uint8_t behind[WORK_SIZE - sizeof(struct paging)];
};

#define WORK 0x48000000
static struct work *const work = (void *)WORK;

static void start_at(paddr_t blob, paddr_t fdt)
{
	memset(work, PATTERN, sizeof(*work));
	fake_arm_clear();
	fake_arm.translation_root = paddr_of(work->paging.root);
	paging_start(&work->paging, blob, CODE_SIZE, BLOB_SIZE, fdt);
	arch_map(blob + BLOB_SIZE, FILE_SIZE - BLOB_SIZE);
}

static void start(void)
{
	start_at(RAM, RAM + 32 * MIB);
}

/* What a walk finds for an address: its translation, and its kind. */
struct found {
	paddr_t paddr; /* NOTHING: a fault */
	bool is_device;
	bool is_writable;
	bool is_executable;
};

static const struct found nothing = { .paddr = NOTHING };

/* AP[2] is bit 7; PXN and UXN, or at EL2 the latter alone, are 53 and 54. */
static struct found found_by(uint64_t entry, paddr_t offset)
{
	EXPECT(entry >> 10 & 1);       /* accessed: no fault for that */
	EXPECT_EQ(entry >> 8 & 3, 3);  /* inner shareable */
	EXPECT_EQ(entry & 0x860, 0);   /* global, not for EL0, secure */
	EXPECT((entry >> 2 & 7) <= 1); /* reset.S sets up two kinds */
	EXPECT_EQ(entry >> 59, 0);
	return (struct found){
		(entry & 0xfffffffff000) + offset,
		(entry >> 2 & 7) != 0,
		!(entry >> 7 & 1),
		(entry >> 53 & 3) != 3,
	};
}

static struct found walk(uint64_t vaddr)
{
	bool is_wide = fake_arm.wide_root != 0;
	const uint64_t *table =
		is_wide ? paddr_ptr(fake_arm.wide_root) : work->paging.root;
	uint64_t entry = 0;
	uint32_t shift = 39;

	if (vaddr >> (is_wide ? 48 : 42))
		return nothing;
	for (; shift >= 12; shift -= 9) {
		entry = table[vaddr >> shift & 511];
		if (!(entry & 1))
			return nothing;
		if (!(entry & 2) || shift == 12)
			break; /* a block or a page */
		table = paddr_ptr(entry & 0xfffffffff000);
	}
	EXPECT(shift == 30 || shift == 21 || (shift == 12 && entry & 2));
	return found_by(entry, vaddr % (1ULL << shift));
}

static void expect_kind(paddr_t paddr, bool is_writable, bool is_executable)
{
	struct found found = walk(paddr);

	EXPECT_EQ(found.paddr, paddr);
	EXPECT(!found.is_device);
	EXPECT_EQ(found.is_writable, is_writable);
	EXPECT_EQ(found.is_executable, is_executable);
}

static void expect_data(paddr_t base, uint64_t size, uint64_t step)
{
	for (uint64_t at = 0; at < size; at += step)
		expect_kind(base + at, true, false);
	expect_kind(base + size - 1, true, false);
}

static void expect_mapped(paddr_t base, uint64_t size, bool is_device)
{
	for (uint64_t at = 0; at < size; at += BLOCK) {
		EXPECT_EQ(walk(base + at).paddr, base + at);
		EXPECT_EQ(walk(base + at).is_device, is_device);
		EXPECT(!walk(base + at).is_executable);
	}
	EXPECT_EQ(walk(base + size - 1).paddr, base + size - 1);
}

static void expect_nothing(paddr_t paddr)
{
	EXPECT_EQ(walk(paddr).paddr, NOTHING);
}

static void expect_nothing_behind_is_touched(void)
{
	EXPECT(fake_ram_is(WORK + sizeof(struct paging), WORK + WORK_SIZE,
	                   PATTERN));
	EXPECT(work->paging.table_count <= PAGING_TABLE_MAX);
}

static void the_first_tables_have_blob_work_area_and_tree(void)
{
	start();
	expect_mapped(RAM + 32 * MIB, 8, false);
	expect_data(WORK, GUARD_OFFSET, PAGE);
	expect_data(WORK + STACK_OFFSET, WORK_SIZE - STACK_OFFSET, PAGE);
	expect_nothing(WORK + WORK_SIZE);
	expect_nothing(RAM + 2 * BLOCK);
	expect_nothing(0);
	EXPECT_EQ(fake_arm.wide_root, 0);
	expect_nothing_behind_is_touched();
	/* Nor are the early stack, and what is kept for later. */
	EXPECT(fake_ram_is(WORK, paddr_of(work->paging.root), PATTERN));
	EXPECT(fake_ram_is(paddr_of(work->paging.reserved),
	                   paddr_of(work->paging.tables), PATTERN));
}

/* The MMU is off, or walks the tables while they are written. */
static void a_table_is_written_before_it_is_used(void)
{
	uint32_t syncs;

	start();
	EXPECT_EQ(work->paging.root[0] & ~0xfffULL,
	          paddr_of(work->paging.tables[0]));
	EXPECT_EQ(fake_arm.invalidations, work->paging.table_count);
	EXPECT_EQ(fake_arm.invalidated, PAGE * work->paging.table_count);
	EXPECT_EQ(fake_arm.store_orders, work->paging.table_count);
	syncs = fake_arm.syncs;
	arch_map(4 * GIB, 1);
	EXPECT_EQ(fake_arm.syncs, syncs + 1);
	arch_map_device(MAPPED_END, 1);
	EXPECT_EQ(fake_arm.syncs_at_wide, syncs + 2);
	EXPECT_EQ(fake_arm.syncs, syncs + 3);
}

/* What x0 points to is read before anybody knows what it is. */
static void eight_bytes_of_a_tree_are_mapped(void)
{
	start_at(RAM, RAM + 34 * MIB - 4);
	EXPECT_EQ(walk(RAM + 34 * MIB - 4).paddr, RAM + 34 * MIB - 4);
	EXPECT_EQ(walk(RAM + 34 * MIB + 3).paddr, RAM + 34 * MIB + 3);
	start_at(RAM, 0);
	expect_nothing(0);
	EXPECT_EQ(walk(RAM).paddr, RAM);
	/* What the first tables cannot map is refused later. */
	for (uint32_t i = 0; i < 2; i++) {
		start_at(RAM, i ? MAPPED_END : UINT64_MAX - 7);
		EXPECT_EQ(fake_arm.wide_root, 0);
	}
	start_at(RAM, MAPPED_END - 8);
	EXPECT_EQ(walk(MAPPED_END - 8).paddr, MAPPED_END - 8);
	EXPECT_EQ(fake_arm.wide_root, 0);
}

static void only_code_is_executable_and_it_is_not_writable(void)
{
	start();
	for (paddr_t at = 0; at < CODE_SIZE; at += PAGE)
		expect_kind(RAM + at, false, true);
	for (paddr_t at = CODE_SIZE; at < BLOB_SIZE; at += PAGE)
		expect_kind(RAM + at, false, false);
	expect_data(RAM + BLOB_SIZE + PAGE, FILE_SIZE - BLOB_SIZE - PAGE, PAGE);
	/* A later request changes nothing. */
	arch_map(RAM, BLOCK);
	expect_kind(RAM, false, true);
	expect_kind(RAM + CODE_SIZE - 1, false, true);
	expect_kind(RAM + CODE_SIZE, false, false);
	arch_map_device(0x9000000, 0x1000);
	EXPECT(!walk(0x9000000).is_executable);
}

/* Its constants may begin in a block of their own. */
static void constants_end_where_the_blob_does(void)
{
	const paddr_t blob = RAM + BLOCK - CODE_SIZE;

	start_at(blob, 0);
	expect_kind(RAM + BLOCK - 1, false, true);
	for (paddr_t at = CODE_SIZE; at < BLOB_SIZE; at += PAGE)
		expect_kind(blob + at, false, false);
	expect_data(blob + BLOB_SIZE + PAGE, FILE_SIZE - BLOB_SIZE - PAGE,
	            PAGE);
}

/* The blob need not lie at the start of a block, nor apart from its stack. */
static void a_blob_may_be_anywhere(void)
{
	start_at(WORK - 0x4000, 0);
	for (paddr_t at = 0; at < CODE_SIZE; at += PAGE)
		expect_kind(WORK - 0x4000 + at, false, true);
	start_at(WORK + WORK_SIZE, 0);
	expect_kind(WORK + WORK_SIZE, false, true);
	expect_data(WORK + STACK_OFFSET, WORK_SIZE - STACK_OFFSET, PAGE);
	expect_nothing(WORK + STACK_OFFSET - 1);
}

static void below_the_stack_is_nothing(void)
{
	start();
	for (paddr_t at = GUARD_OFFSET; at < STACK_OFFSET; at += PAGE)
		expect_nothing(WORK + at);
	arch_map(WORK, WORK_SIZE);
	expect_nothing(WORK + GUARD_OFFSET);
	expect_nothing(WORK + STACK_OFFSET - 1);
	expect_nothing_behind_is_touched();
}

/* What is near the address 0 is mapped without it. */
static void page_0_is_nothing(void)
{
	start();
	arch_map_device(PAGE, 0x10);
	EXPECT(walk(PAGE).is_device);
	expect_nothing(0);
	expect_nothing(2 * PAGE);
	arch_map(4 * PAGE, BLOCK);
	expect_nothing(0);
	expect_kind(BLOCK, true, false);
	/* Unless the blob is there. */
	start_at(0, RAM);
	expect_kind(0, false, true);
	expect_nothing(FILE_SIZE + BLOCK);
}

static void what_is_mapped_is_at_itself(void)
{
	start();
	arch_map(RAM + 3 * BLOCK - 1, 2);
	expect_mapped(RAM + 2 * BLOCK, 2 * BLOCK, false);
	expect_nothing(RAM + 4 * BLOCK);
	arch_map_device(0x9000000, 0x1000);
	expect_mapped(0x9000000, BLOCK, true);
	expect_nothing(0x9000000 - 1);
	arch_map(RAM + BLOCK, 4 * GIB);
	expect_mapped(RAM + BLOCK, 4 * GIB, false);
	arch_map(RAM, 0);
	arch_map(0x8000000, 0);
	expect_nothing(0x8000000);
	arch_map(0x8000123, 0);
	expect_nothing(0x8000123);
	arch_map(UINT64_MAX, 0);
	/* Twice is as good as once. */
	arch_map_device(0x9000000, 0x1000);
	arch_map(RAM + BLOCK, 4 * GIB);
	expect_mapped(0x9000000, BLOCK, true);
}

static void tables_cross_the_edges_of_the_root(void)
{
	start();
	arch_map(512 * GIB - BLOCK, 2 * BLOCK);
	expect_mapped(512 * GIB - BLOCK, 2 * BLOCK, false);
	expect_nothing(512 * GIB + BLOCK);
	arch_map(MAPPED_END - 1, 1);
	expect_mapped(MAPPED_END - BLOCK, BLOCK, false);
	EXPECT_EQ(fake_arm.wide_root, 0);
	expect_nothing_behind_is_touched();
}

/* 42 bits are not enough for all that VMMs have. */
static void a_wider_root_takes_over(void)
{
	uint64_t count;
	paddr_t root;

	start();
	arch_map(700 * GIB, 1);
	arch_map(MAPPED_END - 1, 1);
	arch_map_device(MAPPED_END, 1);
	EXPECT(fake_arm.wide_root);
	expect_mapped(MAPPED_END, BLOCK, true);
	expect_kind(RAM, false, true);
	EXPECT(fake_arm.syncs_at_wide != 0);
	expect_mapped(700 * GIB, BLOCK, false);
	expect_mapped(MAPPED_END - BLOCK, BLOCK, false);
	root = fake_arm.wide_root;
	count = work->paging.table_count;
	arch_map_device(MAPPED_END + BLOCK, 1);
	EXPECT_EQ(fake_arm.wide_root, root);
	EXPECT_EQ(work->paging.table_count, count);
	arch_map((1ULL << 48) - BLOCK, BLOCK);
	expect_mapped((1ULL << 48) - BLOCK, BLOCK, false);
	arch_map(RAM + BLOCK, BLOCK);
	expect_mapped(RAM + BLOCK, BLOCK, false);
	expect_nothing_behind_is_touched();
}

static void memory_and_registers_do_not_share_a_block(void)
{
	start();
	EXPECT_PANIC("mmu: at 0x40001000: memory and registers within 2 MiB",
	             arch_map_device(RAM + 0x1000, 8));
	EXPECT_PANIC("mmu: at 0x42000000: memory and registers within 2 MiB",
	             arch_map_device(RAM + 32 * MIB + 0x1000, 8));
	arch_map_device(2 * GIB, GIB);
	EXPECT_PANIC("mmu: at 0x80000000: memory and registers within 2 MiB",
	             arch_map(2 * GIB, 1));
	EXPECT_PANIC("memory and registers", arch_map(2 * GIB - 1, 2));
	arch_map(8 * GIB + BLOCK, BLOCK);
	EXPECT_PANIC("mmu: at 0x200200000: memory and registers within 2 MiB",
	             arch_map_device(8 * GIB + BLOCK, 1));
}

/* A VMM's tree may give any of these to an initrd or to a device. */
static void a_range_that_wraps_is_refused(void)
{
	static const struct {
		paddr_t base;
		uint64_t size;
	} wild[] = {
		{ 0, UINT64_MAX },
		{ 1, UINT64_MAX },
		{ 0x1000, -0x1000ULL },
		{ 0x1000, -0x800ULL },
		{ RAM + 4, UINT64_MAX },
		{ RAM, -BLOCK + 1 },
		{ MAPPED_END, -MAPPED_END },
		{ -BLOCK, BLOCK },
		{ -1ULL, 1 },
		{ -0x1000ULL, 0x2000 },
		{ UINT64_MAX, UINT64_MAX },
		{ 1ULL << 48, 1 },
		{ (1ULL << 48) - 1, 2 },
		{ 1, 1ULL << 48 },
		{ INT64_MAX, INT64_MAX },
	};
	uint64_t count;

	start();
	count = work->paging.table_count;
	for (volatile uint32_t i = 0; i < ARRAY_COUNT(wild); i++) {
		EXPECT_PANIC("beyond 0x1000000000000",
		             arch_map(wild[i].base, wild[i].size));
		EXPECT_PANIC("beyond 0x1000000000000",
		             arch_map_device(wild[i].base, wild[i].size));
	}
	EXPECT_PANIC("mmu: 0xffffffffffffffff bytes at 0: beyond "
	             "0x1000000000000",
	             arch_map(0, UINT64_MAX));
	EXPECT_EQ(work->paging.table_count, count);
	expect_nothing(0);
	expect_nothing_behind_is_touched();
}

static void too_many_tables_panic(void)
{
	start();
	EXPECT_PANIC("mmu: more than 18 tables",
	             for (uint64_t i = 4;; i++) arch_map(i * GIB, 1));
	expect_nothing_behind_is_touched();
}

/* Whole GiB take no table of their own. */
static void much_ram_takes_few_tables(void)
{
	uint64_t count;

	start();
	count = work->paging.table_count;
	arch_map(2 * GIB, GIB);
	EXPECT_EQ(work->paging.table_count, count);
	arch_map(2 * GIB, 500 * GIB);
	EXPECT_EQ(work->paging.table_count, count);
	expect_mapped(2 * GIB, GIB, false);
	EXPECT_EQ(walk(400 * GIB + 5).paddr, 400 * GIB + 5);
	EXPECT(work->paging.table_count <= 5);
}

int main(void)
{
	if (!fake_ram_map(WORK, WORK + WORK_SIZE))
		return fake_ram_skip("test_paging_arm");
	RUN(the_first_tables_have_blob_work_area_and_tree);
	RUN(a_table_is_written_before_it_is_used);
	RUN(eight_bytes_of_a_tree_are_mapped);
	RUN(only_code_is_executable_and_it_is_not_writable);
	RUN(constants_end_where_the_blob_does);
	RUN(a_blob_may_be_anywhere);
	RUN(below_the_stack_is_nothing);
	RUN(page_0_is_nothing);
	RUN(what_is_mapped_is_at_itself);
	RUN(tables_cross_the_edges_of_the_root);
	RUN(a_wider_root_takes_over);
	RUN(memory_and_registers_do_not_share_a_block);
	RUN(a_range_that_wraps_is_refused);
	RUN(too_many_tables_panic);
	RUN(much_ram_takes_few_tables);
	return test_status();
}
