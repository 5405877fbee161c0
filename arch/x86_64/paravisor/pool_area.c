/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/paravisor/pool_area.c - the dispatch pool's memory; see
 * pool_area.h
 *
 * Nothing here touches hardware.
 */
#include "arch/x86_64/lib/regs.h"
#include "arch/x86_64/paravisor/pool_area.h"
#include "common/lib/string.h"
#include "common/paravisor/split.h"

#define PAGE_SIZE  TREE_PAGE_SIZE
#define TABLE_BITS 9  /* of an address, for each level of page tables */
#define LEVEL_END  48 /* SDM 3A section 4.5: four levels */
#define END_MAX    (FOUR_GIB * 0x8000) /* half of what these can map */

#define GDT_CODE64 0x00af9b000000ffff
#define GATE       0x8e00 /* an interrupt gate that is present */

/*
 * Returns the last page that the pool's CPUs can reach. Hosts tell of reserved
 * ranges far above all RAM.
 */
static paddr_t last_page(const struct machine *machine)
{
	const struct machine_ram *ram = &machine->ram[machine->ram_count - 1];

	while (ram != machine->ram && !split_is_partition_ram(ram))
		ram--;
	return min_u64(max_u64(ram->base + ram->size, FOUR_GIB), END_MAX) -
	       PAGE_SIZE;
}

/* Returns the size of a level, of which each entry maps 1 << `bits` bytes. */
static uint64_t level_size(paddr_t last, uint32_t bits)
{
	return ((last >> bits >> TABLE_BITS) + 1) * PAGE_SIZE;
}

static uint64_t tables_size(paddr_t last, uint32_t bits)
{
	uint64_t size = 0;

	for (; bits < LEVEL_END; bits += TABLE_BITS)
		size += level_size(last, bits);
	return size;
}

/* Maps all up to the page `last` at itself. Returns the table that CR3 gets. */
static paddr_t fill_tables(paddr_t next, paddr_t last, uint32_t bits)
{
	uint64_t entry = PTE_LARGE, step = 1ULL << bits;
	paddr_t level = next;

	memset(paddr_ptr(next), 0, tables_size(last, bits));
	for (; bits < LEVEL_END; bits += TABLE_BITS) {
		uint64_t *entries = paddr_ptr(next);

		for (uint64_t i = 0; i <= last >> bits; i++)
			entries[i] = entry + i * step;
		level = next;
		next += level_size(last, bits);
		entry = level | PTE_TABLE;
		step = PAGE_SIZE;
	}
	return level;
}

/* The kernel has one CPU of each chunk. */
static uint64_t shared_size(const struct machine *machine)
{
	return (machine->kernel_cpu_count +
	        machine->cpu_count * TREE_POOL_CPU_PAGES) *
	       PAGE_SIZE;
}

static uint64_t head_size(void)
{
	return align_up(sizeof(struct pool_head), PAGE_SIZE);
}

uint64_t pool_area_size(const struct machine *machine, uint32_t page_bits)
{
	return shared_size(machine) + head_size() +
	       tables_size(last_page(machine), page_bits) +
	       (uint64_t)(machine->cpu_count - machine->kernel_cpu_count) *
	               POOL_STACK_SIZE;
}

/* Returns the gate to a part of the code, which is copied to the head. */
static struct pool_gate gate_to(const struct pool_head *head,
                                const uint8_t *part)
{
	uint32_t handler = (uint32_t)(paddr_of(head->code) + paddr_of(part) -
	                              paddr_of(pool_code_begin));

	return (struct pool_gate){
		.offset_low = (uint16_t)handler,
		.selector = SELECTOR_CODE64,
		.type = GATE,
		.offset_high = (uint16_t)(handler >> 16),
	};
}

/* All exceptions have one handler, and so have all interrupts. */
static void fill_head(struct pool_head *head)
{
	head->gdt[SELECTOR_CODE64 / sizeof(*head->gdt)] = GDT_CODE64;
	for (uint32_t i = 0; i < POOL_VECTOR_COUNT; i++)
		head->idt[i] =
			gate_to(head, i < POOL_VECTOR_FIRST ? pool_exception
		                                            : pool_interrupt);
	head->cpu_count = 0;
	memcpy(head->code, pool_code_begin, POOL_CODE_MAX);
}

/*
 * The first CPU of a chunk is the kernel's, hence removed. The others count as
 * busy until they come. They clear their pages.
 */
static void fill_chunk(struct pool_head *head, const struct machine *machine,
                       const struct split_chunk *chunk,
                       struct pool_control *control, paddr_t stacks)
{
	memset(control, 0, sizeof(*control));
	control->base_cpu = chunk->first;
	control->cpu_count = chunk->count;
	for (uint32_t i = 1; i < chunk->count; i++) {
		struct pool_cpu *cpu = &head->cpus[head->cpu_count++];

		control->status[i] = POOL_STATUS_RUN;
		cpu->status = paddr_of(&control->status[i]);
		cpu->command = paddr_of(control + 1 + i * TREE_POOL_CPU_PAGES);
		cpu->control = paddr_of(control);
		cpu->stack =
			(uint32_t)(stacks + head->cpu_count * POOL_STACK_SIZE);
		cpu->id = (uint32_t)machine->cpus[chunk->first + i].id;
	}
}

void pool_area_fill(struct pool_words *words)
{
	const struct machine *machine = words->machine;
	struct pool_control *control = paddr_ptr(words->area);
	struct pool_head *head = paddr_ptr(words->area + shared_size(machine));
	paddr_t tables = paddr_of(head) + head_size();
	paddr_t last = last_page(machine);
	paddr_t stacks = tables + tables_size(last, words->page_bits);
	struct split_chunk chunk = { 0 };

	fill_head(head);
	for (uint32_t i = 0;
	     split_next_chunk(machine, words->chunk_max, &chunk); i++) {
		fill_chunk(head, machine, &chunk, control, stacks);
		control->index = i;
		control += 1 + chunk.count * TREE_POOL_CPU_PAGES;
	}
	words->table = (uint32_t)fill_tables(tables, last, words->page_bits);
	words->head = (uint32_t)paddr_of(head);
	words->gdt.limit = sizeof(head->gdt) - 1;
	words->gdt.base = paddr_of(head->gdt);
	words->idt.limit = sizeof(head->idt) - 1;
	words->idt.base = paddr_of(head->idt);
}
