/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/unit/test_enter.c - the way into the kernel on x86_64
 */
#include <signal.h>

#include "arch/x86_64/lib/mtrr.h"
#include "arch/x86_64/lib/paging.h"
#include "arch/x86_64/lib/smp.h"
#include "arch/x86_64/memmap.h"
#include "common/arch.h"
#include "common/lib/console.h"
#include "common/place/guest.h"
#include "tests/unit/fake_cpu.h"
#include "tests/unit/test.h"

NORETURN void enter_kernel(paddr_t entry, paddr_t zero_page);

static struct machine machine;
static uint32_t steps;

void mtrr_setup(const struct machine *of)
{
	EXPECT(of == &machine);
	steps = steps * 10 + 1;
}

void smp_start(const struct machine *of)
{
	EXPECT(of == &machine);
	steps = steps * 10 + 2;
}

void smp_finish(const struct machine *of)
{
	EXPECT(of == &machine);
	steps = steps * 10 + 3;
}

static paddr_t blob;

paddr_t paging_blob(void)
{
	return blob;
}

static struct machine_range opened[2];
static uint32_t opened_count;

void paging_open(paddr_t base, uint64_t size)
{
	EXPECT_EQ(steps, 123);
	EXPECT(opened_count < ARRAY_COUNT(opened));
	opened[opened_count++] = (struct machine_range){ base, size };
}

void enter_kernel(paddr_t entry, paddr_t zero_page)
{
	panic("entered at %#lx with %#lx", entry, zero_page);
}

static void begin(void)
{
	fake_cpu_clear();
	steps = opened_count = 0;
	/* Such a blob is where the test's functions are. */
	blob = BLOB_VADDR;
}

static void the_kernel_is_entered_when_all_cpus_are_ready(void)
{
	const struct guest guest = { .kernel = { .entry = 0x1000200,
		                                 .base = 0x1000000,
		                                 .size = 0x2345678 } };

	begin();
	arch_start(&machine);
	EXPECT_EQ(steps, 12);
	EXPECT_PANIC("entered at 0x1000200 with 0x2000",
	             arch_enter(&machine, &guest, ZERO_PAGE_BASE));
	EXPECT_EQ(steps, 123);
	/* It and the code that jumps to it may be executed. */
	EXPECT_EQ(opened[0].base, 0x1000000);
	EXPECT_EQ(opened[0].size, 0x2345678);
	EXPECT_EQ(opened[1].base, BLOB_VADDR);
	EXPECT_EQ(opened[1].size, BLOB_SIZE);
}

/* Linux on x86_64 may be loaded above 4 GiB: boot.rst, XLF_KERNEL_64. */
static void a_kernel_above_4_gib_is_entered_there(void)
{
	const struct guest guest = { .kernel = { .entry = 0x123456000,
		                                 .base = 0x123400000,
		                                 .size = 0x112345678 } };

	begin();
	arch_start(&machine);
	EXPECT_PANIC("entered at 0x123456000 with 0x234567000",
	             arch_enter(&machine, &guest, 0x234567000));
	EXPECT_EQ(opened[0].base, 0x123400000);
	EXPECT_EQ(opened[0].size, 0x112345678);
}

static uint64_t fault_address;

static void on_fault(int number, siginfo_t *info, void *context)
{
	(void)number;
	(void)context;
	fault_address = (uint64_t)info->si_addr;
	panic("fault");
}

/* No test's function lies there, so that the jump is a fault. */
static void a_blob_above_4_gib_runs_where_it_lies(void)
{
	const struct guest guest = { .kernel = { .base = 0x1000000 } };
	struct sigaction action = { .sa_sigaction = on_fault,
		                    .sa_flags = SA_SIGINFO | SA_NODEFER };
	struct sigaction before;

	begin();
	blob += FOUR_GIB;
	sigaction(SIGSEGV, &action, &before);
	arch_start(&machine);
	EXPECT_PANIC("fault", arch_enter(&machine, &guest, ZERO_PAGE_BASE));
	sigaction(SIGSEGV, &before, NULL);
	EXPECT_EQ(fault_address, (uint64_t)enter_kernel + FOUR_GIB);
	EXPECT_EQ(opened[1].base, BLOB_VADDR + FOUR_GIB);
}

int main(void)
{
	RUN(the_kernel_is_entered_when_all_cpus_are_ready);
	RUN(a_kernel_above_4_gib_is_entered_there);
	RUN(a_blob_above_4_gib_runs_where_it_lies);
	return test_status();
}
