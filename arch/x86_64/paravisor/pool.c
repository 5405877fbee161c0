/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/paravisor/pool.c - starts the dispatch pool
 *
 * All other processors are started, as smp.c does it, and find out whether they
 * are the pool's. Those that are not halt until Linux starts them. An INIT
 * takes any of the pool from its loop at any moment.
 */
#include "arch/x86_64/paravisor/pool.h"

#include "arch/x86_64/cpu.h"
#include "arch/x86_64/lib/smp.h"
#include "arch/x86_64/paravisor/pool_area.h"
#include "common/arch.h"
#include "common/lib/console.h"
#include "common/lib/string.h"
#include "common/paravisor/split.h"
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

struct tree_pool pool_start(const struct machine *machine, uint32_t chunk_max,
                            struct memory *memory)
{
	bool has_gib_pages =
		cpu_cpuid(CPUID_EXTENDED, 0).edx & CPUID_EXTENDED_EDX_GIB;
	uint32_t page_bits = has_gib_pages ? PAGE_BITS_GIB : PAGE_BITS_2MIB;
	struct pool_words *words =
		paddr_ptr(AP_TRAMPOLINE_BASE + POOL_WORDS_OFFSET);
	uint64_t size;
	paddr_t base;

	if (!split_pool_count(machine, chunk_max))
		return (struct tree_pool){ 0 };
	check_ids(machine);
	size = pool_area_size(machine, chunk_max, page_bits);
	base = memory_alloc(memory, size, TREE_PAGE_SIZE, AREA_MIN, FOUR_GIB,
	                    MEMORY_RESERVED);
	if (!base)
		panic("paravisor: pool: %#lx bytes: no free RAM of that size",
		      size);
	arch_map(base, size);
	smp_finish(machine); /* with what they do in the trampoline's page */
	pool_area_fill(base, machine, chunk_max, page_bits, words);
	smp_run(machine, pool_ap_begin, pool_ap_end);
	smp_await(machine);
	return (struct tree_pool){
		.all = { base, size },
		.shared = base,
		.chunk_max = chunk_max,
	};
}
