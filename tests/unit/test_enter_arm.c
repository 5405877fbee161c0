/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/unit/test_enter_arm.c - the way into the kernel on AArch64 */
#include <string.h>

#include "arch/aarch64/lib/cache.h"
#include "common/arch.h"
#include "common/lib/console.h"
#include "common/machine/dt.h"
#include "common/place/guest.h"
#include "tests/unit/fake_arm.h"
#include "tests/unit/test.h"

#define KERNEL_BASE 0x40200000
#define KERNEL_SIZE 0x01230000
#define ENTRY       0x40200040
#define INITRD      0x48000000
#define TREE        0x47e00000
#define TREE_SIZE   0x2345

NORETURN void enter_kernel(paddr_t entry, paddr_t fdt);

static struct machine machine;
static struct machine_range mapped[8], cleaned[8];
static uint32_t mapped_count, cleaned_count;
static bool had_seeds; /* when the first cache line was cleaned */
static uint32_t syncs_at_clean, syncs_at_end;

void arch_map(paddr_t base, uint64_t size)
{
	EXPECT(mapped_count < ARRAY_COUNT(mapped));
	mapped[mapped_count++] = (struct machine_range){ base, size };
}

static bool has_seeds(void)
{
	const struct machine_arm *arm = &machine.arm;

	for (uint32_t i = 0; i < sizeof(arm->rng_seed); i++)
		if (((const uint8_t *)arm->rng_seed)[i])
			return true;
	return arm->kaslr_seed != 0;
}

void cache_clean_range(paddr_t base, uint64_t size)
{
	EXPECT(cleaned_count < ARRAY_COUNT(cleaned));
	had_seeds |= has_seeds();
	syncs_at_clean = fake_arm.syncs;
	/* What is cleaned must be mapped by then. */
	EXPECT(cleaned_count < mapped_count);
	cleaned[cleaned_count++] = (struct machine_range){ base, size };
}

uint32_t dt_size(const void *base)
{
	EXPECT_EQ(paddr_of(base), TREE);
	return TREE_SIZE;
}

void enter_kernel(paddr_t entry, paddr_t fdt)
{
	syncs_at_end = fake_arm.syncs;
	panic("entered at %#llx with %#llx", (unsigned long long)entry,
	      (unsigned long long)fdt);
}

static void enter(uint64_t initrd_size)
{
	const struct guest guest = {
		.kernel = { .entry = ENTRY,
		            .base = KERNEL_BASE,
		            .size = KERNEL_SIZE },
		.initrd = { INITRD, initrd_size },
	};

	memset(&machine, 0, MACHINE_CLEAR_SIZE);
	memset(machine.arm.rng_seed, 0x5a, sizeof(machine.arm.rng_seed));
	machine.arm.kaslr_seed = 0x123456789abcdef0;
	machine.arm.boot_mpidr = 0x80000003;
	fake_arm_clear();
	mapped_count = cleaned_count = 0;
	had_seeds = false;
	arch_enter(&machine, &guest, TREE);
}

static void expect_cleaned(paddr_t base, uint64_t size)
{
	bool is_found = false;

	for (uint32_t i = 0; i < cleaned_count; i++) {
		EXPECT_EQ(mapped[i].base, cleaned[i].base);
		EXPECT_EQ(mapped[i].size, cleaned[i].size);
		is_found |= cleaned[i].base == base && cleaned[i].size == size;
	}
	EXPECT(is_found);
}

/* booting.rst: the kernel starts with the MMU off, and x0 is the tree. */
static void all_that_the_kernel_is_given_is_in_memory(void)
{
	EXPECT_PANIC("entered at 0x40200040 with 0x47e00000", enter(0x5001));
	EXPECT_EQ(cleaned_count, 3);
	EXPECT_EQ(mapped_count, 3);
	expect_cleaned(KERNEL_BASE, KERNEL_SIZE);
	expect_cleaned(INITRD, 0x5001);
	expect_cleaned(TREE, TREE_SIZE);
}

static void without_an_initrd_the_rest_is(void)
{
	EXPECT_PANIC("entered at 0x40200040 with 0x47e00000", enter(0));
	expect_cleaned(KERNEL_BASE, KERNEL_SIZE);
	expect_cleaned(TREE, TREE_SIZE);
}

/* The kernel has copies in its tree. */
static void the_seeds_are_wiped_before_caches_are_cleaned(void)
{
	EXPECT_PANIC("entered", enter(0x1000));
	EXPECT(!has_seeds());
	EXPECT(!had_seeds);
	EXPECT_EQ(machine.arm.boot_mpidr, 0x80000003);
}

/* DDI 0487, B2.3.10: a DSB ends what the caches were told before it. */
static void what_is_cleaned_was_written_and_is_done(void)
{
	EXPECT_PANIC("entered", enter(0x1000));
	EXPECT_EQ(syncs_at_clean, 1);
	EXPECT_EQ(syncs_at_end, 2);
}

/* The kernel does this by PSCI. */
static void no_other_cpu_is_started(void)
{
	fake_arm_clear();
	arch_start(&machine);
	EXPECT_EQ(fake_arm.psci, 0);
}

int main(void)
{
	RUN(all_that_the_kernel_is_given_is_in_memory);
	RUN(without_an_initrd_the_rest_is);
	RUN(the_seeds_are_wiped_before_caches_are_cleaned);
	RUN(what_is_cleaned_was_written_and_is_done);
	RUN(no_other_cpu_is_started);
	return test_status();
}
