/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/unit/test_random.c - numbers of x86_64 that an attacker cannot guess */
#include "arch/x86_64/lib/random.h"
#include "tests/unit/fake_cpu.h"
#include "tests/unit/test.h"

#define RDRAND     (1U << 30) /* CPUID.01H:ECX */
#define DRAW_COUNT 64000

static void start(bool has_rdrand)
{
	fake_cpu_clear();
	if (has_rdrand) {
		fake_cpu_set_cpuid(1, 0, (struct cpuid){ .ecx = RDRAND });
		fake_cpu_set_cpuid(2, 0, (struct cpuid){ 0 });
		fake_cpu.has_random = true;
	}
}

static void every_number_is_below_the_bound(void)
{
	static const uint64_t bounds[] = { 1, 2, 3, 1000, 1ULL << 33, -1ULL };

	start(false);
	fake_cpu.tsc_step = 12345;
	for (uint32_t i = 0; i < ARRAY_COUNT(bounds); i++) {
		for (uint32_t k = 0; k < 100; k++)
			EXPECT(random_below(bounds[i]) < bounds[i]);
	}
	EXPECT_EQ(random_below(0), 0);
}

/* Even neighbours in time, and numbers that differ little, spread evenly. */
static void each_number_is_as_likely_as_another(void)
{
	uint32_t counts[64] = { 0 }, halves[2] = { 0 };

	start(false);
	fake_cpu.tsc_step = 1;
	for (uint32_t i = 0; i < DRAW_COUNT; i++) {
		counts[random_below(64)]++;
		halves[random_below(2)]++;
	}
	for (uint32_t i = 0; i < 64; i++)
		EXPECT(counts[i] > 800 && counts[i] < 1200);
	EXPECT(halves[0] > 31000 && halves[1] > 31000);
	start(true);
	for (uint32_t i = 0; i < 64; i++)
		counts[i] = 0;
	for (uint32_t i = 0; i < DRAW_COUNT; i++) {
		fake_cpu.random = (uint64_t)i << 40;
		counts[random_below(64)]++;
	}
	for (uint32_t i = 0; i < 64; i++)
		EXPECT(counts[i] > 800 && counts[i] < 1200);
}

/* Two rounds of Fibonacci hashing: the multiplier is 2^64 / 1.618033... */
static void the_hash_is_what_it_was(void)
{
	start(true);
	fake_cpu.tsc = 1;
	fake_cpu.random = 0;
	EXPECT_EQ(random_below(-1ULL), 0xab169eb8aeae59a4);
	fake_cpu.tsc = 0x123456789abcdef;
	fake_cpu.random = 0x3333333333333333;
	EXPECT_EQ(random_below(-1ULL), 0xe5760a8ccbec70a2);
	/* The two count alike. */
	fake_cpu.tsc = 0;
	fake_cpu.random = 1;
	EXPECT_EQ(random_below(-1ULL), 0xab169eb8aeae59a4);
}

/* SDM 1, "RDRAND": one that has no number in ten tries is broken. */
static void the_processor_is_asked_ten_times(void)
{
	start(true);
	fake_cpu.random_failures = 9;
	fake_cpu.random = 1;
	EXPECT_EQ(random_below(-1ULL), 0xab169eb8aeae59a4);
	EXPECT_EQ(fake_cpu.random_count, 10);
	start(true);
	fake_cpu.random = 1;
	EXPECT_EQ(random_below(-1ULL), 0xab169eb8aeae59a4);
	EXPECT_EQ(fake_cpu.random_count, 1); /* The first number will do. */
	start(true);
	fake_cpu.random_failures = 100;
	random_below(10);
	EXPECT_EQ(fake_cpu.random_count, 10);
	start(false);
	fake_cpu.has_random = true; /* but CPUID says it has no RDRAND */
	random_below(10);
	EXPECT_EQ(fake_cpu.random_count, 0);
}

int main(void)
{
	RUN(every_number_is_below_the_bound);
	RUN(each_number_is_as_likely_as_another);
	RUN(the_hash_is_what_it_was);
	RUN(the_processor_is_asked_ten_times);
	return test_status();
}
