/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/paravisor/pool.c - starts the dispatch pool
 *
 * All other processors are started, as smp.c does it, and find out whether they
 * are the pool's. Those that are not halt until Linux starts them. An INIT
 * takes any of the pool from its loop at any moment. Whichever comes first sets
 * up the pool, while the first processor of the machine describes it.
 */
#include "arch/x86_64/paravisor/pool.h"

#include "arch/x86_64/cpu.h"
#include "arch/x86_64/lib/paging.h"
#include "arch/x86_64/lib/regs.h"
#include "arch/x86_64/lib/smp.h"
#include "arch/x86_64/paravisor/pool_area.h"
#include "common/arch.h"
#include "common/lib/console.h"
#include "common/lib/string.h"
#include "common/spec/acpi.h"

#define CPUID_EXTENDED         0x80000001
#define CPUID_EXTENDED_EDX_GIB (1 << 26)
#define PAGE_BITS_2MIB         21
#define PAGE_BITS_GIB          30

/* Linux keeps /dev/mem from reserved ranges that start below 1 MiB. */
#define AREA_MIN (HIGH_RAM_BASE + MEMORY_PAGE_SIZE)

static_assert(POOL_WORDS_OFFSET + sizeof(struct pool_words) <=
                      SEED_BASE - AP_TRAMPOLINE_BASE,
              "memmap.h");

/* Larger IDs need x2APIC mode, in which smp.c could not wait. */
static void check_ids(const struct machine *machine)
{
	uint64_t id = machine->cpus[machine->cpu_count - 1].id;

	if (id > ACPI_MADT_LAPIC_MAX)
		panic("paravisor: pool: APIC ID %#lx: at most %#x", id,
		      ACPI_MADT_LAPIC_MAX);
}

static struct machine_range take_area(const struct machine *machine,
                                      uint32_t page_bits, struct memory *memory)
{
	uint64_t size = pool_area_size(machine, page_bits);
	paddr_t base = memory_alloc(memory, size, TREE_PAGE_SIZE, AREA_MIN,
	                            FOUR_GIB, MEMORY_RESERVED);

	if (!base)
		panic("paravisor: pool: %#lx bytes: no free RAM of that size",
		      size);
	arch_map(base, size);
	return (struct machine_range){ base, size };
}

/* They begin with the blob's page tables, in which their code must be code. */
static void run(const struct machine *machine, const struct tree_pool *pool,
                uint32_t page_bits)
{
	struct pool_words *words =
		paddr_ptr(AP_TRAMPOLINE_BASE + POOL_WORDS_OFFSET);

	*words = (struct pool_words){
		.efer = (uint32_t)cpu_rdmsr(MSR_EFER) & (EFER_LME | EFER_NXE),
		.first_table = (uint32_t)cpu_read_cr3(),
		.fill = pool_area_fill,
		.stack = (uint32_t)(pool->all.base + pool->all.size),
		.machine = machine,
		.area = pool->all.base,
		.chunk_max = pool->chunk_max,
		.page_bits = page_bits,
	};
	paging_open(AP_TRAMPOLINE_BASE, TREE_PAGE_SIZE);
	smp_run(machine, pool_ap_begin, pool_ap_end);
}

/* Returns how large the pages of the pool's CPUs are: 1 << that. */
static uint32_t large_page_bits(void)
{
	bool has_gib_pages =
		cpu_cpuid(CPUID_EXTENDED, 0).edx & CPUID_EXTENDED_EDX_GIB;

	return has_gib_pages ? PAGE_BITS_GIB : PAGE_BITS_2MIB;
}

struct tree_pool pool_start(const struct machine *machine, uint32_t chunk_max,
                            struct memory *memory)
{
	struct tree_pool pool = { .chunk_max = chunk_max };
	uint32_t page_bits;

	if (!machine->kernel_cpu_count)
		return pool;
	check_ids(machine);
	page_bits = large_page_bits();
	pool.all = take_area(machine, page_bits, memory);
	pool.shared = pool.all.base;
	smp_finish(machine); /* with what they do in the trampoline's page */
	run(machine, &pool, page_bits);
	return pool;
}

void pool_await(const struct machine *machine, const struct tree_pool *pool)
{
	if (pool->all.size)
		smp_await(machine);
}
