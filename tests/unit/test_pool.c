/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/unit/test_pool.c - the memory of the dispatch pool
 *
 * The pool's area is in memory of the host below 4 GiB. What is in it must lead
 * each CPU to pages of its own.
 */
#include <string.h>

#include "arch/x86_64/paravisor/pool_area.h"
#include "common/paravisor/split.h"
#include "tests/unit/fake_ram.h"
#include "tests/unit/test.h"

#define AREA  0x50000000
#define SIZE  0x04000000
#define GIB   0x40000000ULL
#define LARGE 0xe3
#define TABLE 0x23

static struct machine machine;
static struct pool_words words;

static void have(uint32_t node_count, uint32_t each, uint64_t ram_size)
{
	memset(&machine, 0, sizeof(machine));
	machine.cpu_count = node_count * each;
	for (uint32_t i = 0; i < machine.cpu_count; i++) {
		machine.cpus[i].id = 2 * i;
		machine.cpus[i].node = i / each;
	}
	machine.ram_count = 1;
	machine.ram[0] = (struct machine_ram){ .size = ram_size };
}

static void fill(uint32_t chunk_max, uint32_t page_bits)
{
	memset(paddr_ptr(AREA), 0xa5, SIZE);
	machine.kernel_cpu_count = split_chunk_count(&machine, chunk_max);
	words = (struct pool_words){
		.machine = &machine,
		.area = AREA,
		.chunk_max = chunk_max,
		.page_bits = page_bits,
	};
	pool_area_fill(&words);
}

static const struct pool_head *head(void)
{
	return paddr_ptr(words.head);
}

static void chunks_have_control_pages(void)
{
	const struct pool_control *control = paddr_ptr(AREA);

	have(2, 4, GIB);
	fill(4, 30);
	EXPECT_EQ(control->index, 0);
	EXPECT_EQ(control->base_cpu, 0);
	EXPECT_EQ(control->cpu_count, 4);
	EXPECT_EQ(control->request_vector, 0);
	EXPECT(memcmp(control->status, "\0\2\2\2\0", 5) == 0);
	EXPECT_EQ(control[9].index, 1);
	EXPECT_EQ(control[9].base_cpu, 4);
	EXPECT_EQ(control[9].cpu_count, 4);
	EXPECT(memcmp(control[9].status, "\0\2\2\2\0", 5) == 0);
}

static void each_cpu_has_its_own_pages(void)
{
	const struct pool_cpu *cpu = head()->cpus;

	EXPECT_EQ(head()->cpu_count, 6);
	EXPECT_EQ(cpu[0].id, 2);
	EXPECT_EQ(cpu[0].status, AREA + 64 + 1);
	EXPECT_EQ(cpu[0].command, AREA + 0x1000 + 1 * 0x2000);
	EXPECT_EQ(cpu[0].control, AREA);
	EXPECT_EQ(cpu[5].id, 14);
	EXPECT_EQ(cpu[5].status, AREA + 0x9000 + 64 + 3);
	EXPECT_EQ(cpu[5].command, AREA + 0xa000 + 3 * 0x2000);
	EXPECT_EQ(cpu[5].control, AREA + 0x9000);
	for (uint32_t i = 1; i < 6; i++)
		EXPECT_EQ(cpu[i].stack - cpu[i - 1].stack, POOL_STACK_SIZE);
	EXPECT_EQ(cpu[5].stack, AREA + pool_area_size(&machine, 30));
}

/* Returns where in the code a vector leads to. */
static ptrdiff_t handler(uint32_t vector)
{
	const struct pool_gate *gate = &head()->idt[vector];

	return gate->offset_low + ((ptrdiff_t)gate->offset_high << 16) -
	       (ptrdiff_t)paddr_of(head()->code);
}

static void the_words_lead_to_descriptors(void)
{
	EXPECT_EQ(words.head, AREA + 2 * 0x9000);
	EXPECT_EQ(words.gdt.base, paddr_of(head()->gdt));
	EXPECT_EQ(words.gdt.limit, 23);
	EXPECT_EQ(head()->gdt[2], 0x00af9b000000ffff);
	EXPECT_EQ(words.idt.base, paddr_of(head()->idt));
	EXPECT_EQ(words.idt.limit, 256 * 16 - 1);
	for (uint32_t i = 0; i < 256; i++) {
		EXPECT_EQ(head()->idt[i].selector, 0x10);
		EXPECT_EQ(head()->idt[i].type, 0x8e00);
		EXPECT_EQ(handler(i),
		          i < 32 ? pool_exception - pool_code_begin
		                 : pool_interrupt - pool_code_begin);
	}
	EXPECT(memcmp(head()->code, pool_code_begin, POOL_CODE_MAX) == 0);
	/* What is behind the gates is the count, then the code. */
	EXPECT_EQ(paddr_of(head()->code) - paddr_of(head()), POOL_HEAD_CODE);
	EXPECT(fake_ram_is(paddr_of(&head()->cpus[6]), paddr_of(head() + 1),
	                   0xa5));
}

/* Returns what an address is mapped to. */
static paddr_t walk(paddr_t paddr)
{
	const uint64_t *table = paddr_ptr(words.table);

	for (uint32_t bits = 39;; bits -= 9) {
		uint64_t entry = table[paddr >> bits & 511];
		uint64_t size = 1ULL << bits;

		if ((entry & 0xfff) == LARGE)
			return (entry & ~0xfffULL) + paddr % size;
		if ((entry & 0xfff) != TABLE)
			return 1;
		table = paddr_ptr(entry & ~0xfffULL);
	}
}

static void all_ram_is_mapped_at_itself(void)
{
	static const uint64_t sizes[] = { GIB, 4 * GIB, 5 * GIB, 600 * GIB };
	static const uint32_t page_bits[] = { 21, 30 };

	for (uint32_t i = 0; i < 8; i++) {
		uint64_t size = max_u64(sizes[i / 2], 4 * GIB);

		have(2, 4, sizes[i / 2]);
		fill(4, page_bits[i % 2]);
		for (paddr_t paddr = 0; paddr < size; paddr += GIB / 8 + 0x123)
			EXPECT_EQ(walk(paddr), paddr);
		EXPECT_EQ(walk(size - 1), size - 1);
		EXPECT_EQ(walk(size + GIB), 1);
		/* Nothing is written behind the area. */
		EXPECT(fake_ram_is(
			AREA + pool_area_size(&machine, page_bits[i % 2]),
			AREA + SIZE, 0xa5));
	}
}

/* Half of what four levels can map is user space to Linux: 47 bits. */
static void no_more_than_128_tib_are_mapped(void)
{
	have(2, 4, 1ULL << 52);
	fill(4, 30);
	EXPECT_EQ(walk((1ULL << 47) - 1), (1ULL << 47) - 1);
	EXPECT_EQ(walk(1ULL << 47), 1);
	EXPECT_EQ(pool_area_size(&machine, 30),
	          2 * 0x9000 + 0x4000 + 257 * 0x1000 + 6 * POOL_STACK_SIZE);
}

/* QEMU tells of a reserved range at FD00000000. */
static void reserved_ranges_have_no_tables(void)
{
	uint64_t size;

	have(2, 4, GIB);
	size = pool_area_size(&machine, 21);
	machine.ram[machine.ram_count++] = (struct machine_ram){
		.base = 0xfd00000000,
		.size = 0x300000000,
		.type = MEMORY_RESERVED,
	};
	EXPECT_EQ(pool_area_size(&machine, 21), size);
	machine.ram[1].type = MEMORY_NONE; /* RAM of the guest */
	EXPECT(pool_area_size(&machine, 21) > size + 0x3f0000);
}

static void many_cpus_fit(void)
{
	have(1, 255, GIB);
	for (uint32_t chunk_max = 1; chunk_max <= 255; chunk_max++) {
		fill(chunk_max, 30);
		EXPECT_EQ(head()->cpu_count,
		          machine.cpu_count - machine.kernel_cpu_count);
	}
	EXPECT(pool_area_size(&machine, 30) < SIZE);
}

int main(void)
{
	if (!fake_ram_map(AREA, AREA + SIZE))
		return fake_ram_skip("test_pool");
	RUN(chunks_have_control_pages);
	RUN(each_cpu_has_its_own_pages);
	RUN(the_words_lead_to_descriptors);
	RUN(all_ram_is_mapped_at_itself);
	RUN(no_more_than_128_tib_are_mapped);
	RUN(reserved_ranges_have_no_tables);
	RUN(many_cpus_fit);
	return test_status();
}
