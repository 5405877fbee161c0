/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/unit/test_ram_trial.c - finds RAM by trial if no table lists it
 *
 * Without RAM, a bus may return the value that was written last, to any
 * address. The test imitates that by a read-only page: a store to it faults, is
 * let through as a single step, and its value then fills the page.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

#include "arch/x86_64/lib/paging.h"
#include "arch/x86_64/probe/ram_trial.h"
#include "common/arch.h"
#include "common/lib/console.h"
#include "tests/unit/fake_cpu.h"
#include "tests/unit/test.h"

#define PAGE_SIZE  0x1000
#define WORD_COUNT (PAGE_SIZE / 8)
#define TRAP_FLAG  0x100
#define MARK       0x5000
#define MIB        0x100000ULL
#define PATTERN    0xa5

static struct machine machine;
static uint64_t ram_size;
static uint32_t map_count, mark_count, release_count;
static uint64_t *void_page; /* that is being written */

static uint64_t *page_of(const void *address)
{
	return paddr_ptr(align_down(paddr_of(address), PAGE_SIZE));
}

static void protect(void *page, int protection)
{
	if (mprotect(page, PAGE_SIZE, protection))
		abort();
}

static void on_fault(int number, siginfo_t *info, void *context)
{
	(void)number;
	void_page = page_of(info->si_addr);
	protect(void_page, PROT_READ | PROT_WRITE);
	((ucontext_t *)context)->uc_mcontext.gregs[REG_EFL] |= TRAP_FLAG;
}

static void on_step(int number, siginfo_t *info, void *context)
{
	/* Nothing is stored but to the page's last two words. */
	uint64_t was = void_page[0], stored = was;

	(void)number;
	(void)info;
	for (uint32_t i = WORD_COUNT - 2; i < WORD_COUNT; i++) {
		if (void_page[i] != was)
			stored = void_page[i];
	}
	for (uint32_t i = 0; i < WORD_COUNT; i++)
		void_page[i] = stored;
	protect(void_page, PROT_READ);
	((ucontext_t *)context)->uc_mcontext.gregs[REG_EFL] &= ~TRAP_FLAG;
}

/* The trial uses the last two words of a MiB, so it maps their page. */
void arch_map(paddr_t base, uint64_t size)
{
	uint64_t *page = page_of(paddr_ptr(base));

	if (base >= FOUR_GIB)
		panic("first tried at %#lx", base);
	EXPECT_EQ(size, 16);
	EXPECT_EQ(base % MIB, MIB - 16);
	EXPECT(mark_count == release_count + 1);
	map_count++;
	if (mmap(page, PAGE_SIZE, PROT_READ | PROT_WRITE,
	         MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1,
	         0) != page)
		return;
	memset(page, PATTERN, PAGE_SIZE);
	page[WORD_COUNT - 1] += base < ram_size; /* no two words are alike */
	if (base >= ram_size)
		protect(page, PROT_READ);
}

paddr_t paging_mark(void)
{
	mark_count++;
	return MARK;
}

void paging_release(paddr_t mark)
{
	EXPECT_EQ(mark, MARK);
	release_count++;
}

/* A kvmtool that gives no tables has a processor with 32 address bits. */
static void begin(uint64_t size)
{
	memset(&machine, 0, MACHINE_CLEAR_SIZE);
	fake_cpu_clear();
	machine.pc.address_width = 32;
	ram_size = size;
	map_count = mark_count = release_count = 0;
}

static void probe(uint64_t size)
{
	begin(size);
	ram_try(&machine);
	EXPECT(map_count <= 12); /* of 3328 MiB */
	EXPECT_EQ(release_count, 2);
}

/* Expects that RAM has not changed, and unmaps it. */
static void expect_kept(void)
{
	for (paddr_t at = MIB - PAGE_SIZE; at < 0x70000000; at += MIB) {
		const uint8_t *bytes = paddr_ptr(at);
		unsigned char state;

		if (mincore((void *)bytes, PAGE_SIZE, &state))
			continue; /* not mapped */
		if (at < ram_size)
			EXPECT(bytes[0] == PATTERN &&
			       bytes[PAGE_SIZE - 8] == PATTERN + 1 &&
			       !memcmp(bytes, bytes + 1, PAGE_SIZE - 9));
		munmap((void *)bytes, PAGE_SIZE);
	}
}

static void expect_found(uint64_t size)
{
	probe(size);
	EXPECT_EQ(machine.ram_count, 1);
	EXPECT_EQ(machine.ram[0].base, 0);
	EXPECT_EQ(machine.ram[0].size, align_down(size, MIB));
	EXPECT_EQ(machine.ram[0].type, MEMORY_RAM);
	expect_kept();
}

static void whole_mib_are_found(void)
{
	expect_found(64 * MIB);
	expect_found(512 * MIB);
	expect_found(1024 * MIB);
	expect_found(1663 * MIB);
	expect_found(1 * MIB);
	expect_found(100 * MIB + MIB / 2);
	for (uint32_t i = 0; i < 50; i++)
		expect_found((1 + test_random_below(1600)) * MIB);
}

static void without_any_there_is_none(void)
{
	probe(0);
	EXPECT_EQ(machine.ram_count, 0);
	expect_kept();
}

/* A TiB is the most. These addresses are the sanitizer's, so it ends there. */
static void half_of_a_tib_is_tried_first(void)
{
	static const uint8_t widths[] = { 40, 41, 52 };

	for (volatile uint32_t i = 0; i < ARRAY_COUNT(widths); i++) {
		begin(64 * MIB);
		machine.pc.address_width = widths[i];
		EXPECT_PANIC("first tried at 0x807ffffff0", ram_try(&machine));
		expect_kept();
	}
	begin(64 * MIB);
	machine.pc.address_width = 39;
	EXPECT_PANIC("first tried at 0x407ffffff0", ram_try(&machine));
	expect_kept();
}

int main(void)
{
	struct sigaction fault = { .sa_sigaction = on_fault,
		                   .sa_flags = SA_SIGINFO };
	struct sigaction step = { .sa_sigaction = on_step,
		                  .sa_flags = SA_SIGINFO };

	sigaction(SIGSEGV, &fault, NULL);
	sigaction(SIGTRAP, &step, NULL);
	RUN(whole_mib_are_found);
	RUN(without_any_there_is_none);
	RUN(half_of_a_tib_is_tried_first);
	return test_status();
}
