/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/unit/test_clock_arm.c - waits and times by AArch64's counter */
#include "arch/aarch64/lib/cache.h"
#include "common/arch.h"
#include "common/lib/clock.h"
#include "tests/unit/fake_arm.h"
#include "tests/unit/test.h"

#define MS_PER_S 1000ULL

static void start(uint64_t hz, uint64_t counter)
{
	fake_arm_clear();
	fake_arm.counter_hz = hz;
	fake_arm.counter = counter;
}

/* Returns for how many thousandths of `hz` ticks a wait goes on. */
static uint64_t wait_length(uint64_t hz, uint64_t told_hz, uint64_t counter)
{
	uint64_t began = counter, length = 0;

	start(told_hz, counter);
	fake_arm.counter_step = hz / MS_PER_S;
	while (arch_wait(began) && length < 1000 * MS_PER_S)
		length++;
	return length;
}

static void a_wait_ends_after_ten_seconds(void)
{
	EXPECT_EQ(wait_length(62500000, 62500000, 0), 10 * MS_PER_S - 1);
	EXPECT_EQ(wait_length(1000000000, 1000000000, 5), 10 * MS_PER_S - 1);
	/* The counter may come round. */
	EXPECT_EQ(wait_length(62500000, 62500000, -62500000ULL),
	          10 * MS_PER_S - 1);
}

/* CNTFRQ_EL0 is 0 until somebody writes it. The counter runs all the same. */
static void a_wait_without_a_frequency_is_still_one(void)
{
	static const uint64_t rates[] = { 24000000, 62500000, 1000000000 };

	for (uint32_t i = 0; i < ARRAY_COUNT(rates); i++) {
		uint64_t length = wait_length(rates[i], 0, 12345);

		EXPECT(length >= MS_PER_S - 1);
		EXPECT(length <= 42 * MS_PER_S);
	}
	/* Ten seconds at 100 MHz are so many ticks, to the tick. */
	start(0, 5);
	fake_arm.counter_step = 999999999;
	EXPECT(arch_wait(5));
	start(0, 5);
	fake_arm.counter_step = 1000000000;
	EXPECT(!arch_wait(5));
}

/* Another CPU of the host may run meanwhile. */
static void a_wait_yields(void)
{
	start(62500000, 0);
	arch_wait(0);
	arch_wait(0);
	EXPECT_EQ(fake_arm.yields, 2);
}

static void ticks_become_time(void)
{
	struct clock clock;

	start(62500000, 0);
	arch_clock(&clock, NULL, 62500000ULL * 3 + 62500);
	EXPECT_EQ(clock.khz, 62500);
	EXPECT_EQ(clock.start_ns, 3001000000);
	arch_clock(&clock, NULL, UINT64_MAX / 1000);
	EXPECT_EQ(clock.khz, 62500);
	arch_clock(&clock, NULL, 62500ULL * 7 + 31250);
	EXPECT_EQ(clock.start_ns, 7500000);
	start(5000000000001000, 0);
	arch_clock(&clock, NULL, 0);
	EXPECT_EQ(clock.khz, 5000000000001);
	for (uint64_t hz = 0; hz < 1000; hz += 333) {
		start(hz, 0);
		arch_clock(&clock, NULL, 5);
		EXPECT_EQ(clock.khz, 0);
		EXPECT_EQ(clock.start_ns, 0);
	}
	fake_arm.counter = 7;
	EXPECT_EQ(arch_ticks(), 7);
}

/* Every line that the range touches is cleaned, and no other. */
static void caches_are_cleaned_line_by_line(void)
{
	const uint64_t line = FAKE_ARM_LINE;

	for (uint64_t offset = 0; offset < line; offset++) {
		for (uint64_t size = 1; size < 10 * line; size++) {
			start(0, 0);
			cache_clean_range(0x40000000 + offset, size);
			EXPECT_EQ(fake_arm.cleaned_lines,
			          (offset + size + line - 1) / line);
		}
	}
	for (uint64_t count = 1; count <= FAKE_ARM_CLEANED; count++) {
		const paddr_t base = 0x140000000;

		start(0, 0);
		cache_clean_range(base + line - 1, (count - 1) * line + 1);
		EXPECT_EQ(fake_arm.cleaned_lines, count);
		for (uint64_t i = 0; i < count; i++)
			EXPECT_EQ(fake_arm.cleaned[i], base + i * line);
	}
	start(0, 0);
	cache_clean_range(0x40000000, 0);
	EXPECT_EQ(fake_arm.cleaned_lines, 0);
}

int main(void)
{
	RUN(a_wait_ends_after_ten_seconds);
	RUN(a_wait_without_a_frequency_is_still_one);
	RUN(a_wait_yields);
	RUN(ticks_become_time);
	RUN(caches_are_cleaned_line_by_line);
	return test_status();
}
