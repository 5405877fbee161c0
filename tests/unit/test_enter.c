/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/unit/test_enter.c - the way into the kernel on x86_64
 */
#include "arch/x86_64/lib/mtrr.h"
#include "arch/x86_64/lib/smp.h"
#include "arch/x86_64/memmap.h"
#include "common/arch.h"
#include "common/lib/console.h"
#include "common/place/guest.h"
#include "tests/unit/fake_cpu.h"
#include "tests/unit/test.h"

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

static void the_kernel_is_entered_when_all_cpus_are_ready(void)
{
	const struct guest guest = { .kernel = { .entry = 0x1000200 } };

	fake_cpu_clear();
	arch_start(&machine);
	EXPECT_EQ(steps, 12);
	EXPECT_PANIC("fake: entered at 0x1000200 with 0x2000",
	             arch_enter(&machine, &guest, ZERO_PAGE_BASE));
	EXPECT_EQ(steps, 123);
}

int main(void)
{
	RUN(the_kernel_is_entered_when_all_cpus_are_ready);
	return test_status();
}
