/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/unit/test_clock.c - how the TSC's ticks become time, by the PM timer */
#include <string.h>

#include "arch/x86_64/lib/clock.h"
#include "common/describe/ledger.h"
#include "tests/unit/fake_cpu.h"
#include "tests/unit/test.h"

#define PM_BASE 0x600
#define PM_HZ   3579545

static struct machine machine;
static uint64_t khz;     /* the TSC's frequency */
static uint64_t origin;  /* the TSC, when the timer is at `offset` */
static uint64_t offset;  /* counts of the timer at `origin` */
static uint32_t garbage; /* in bits that a 24-bit timer does not have */

static uint32_t read_timer(uint16_t port, uint32_t size)
{
	EXPECT_EQ(port, PM_BASE + 8);
	EXPECT_EQ(size, 4);
	return ((offset + (fake_cpu.tsc - origin) * PM_HZ / 1000 / khz) &
	        0xffffff) |
	       garbage;
}

/* The chipset is set up when the TSC is at `start_tsc`. */
static void start(uint64_t tsc_khz, uint64_t start_tsc)
{
	fake_cpu_clear();
	memset(&machine, 0, MACHINE_CLEAR_SIZE);
	khz = tsc_khz;
	origin = start_tsc;
	offset = 0;
	garbage = 0;
	fake_cpu.tsc = start_tsc;
	fake_cpu.in = read_timer;
	machine.pc.pm.base = PM_BASE;
	machine.pc.pm_start = clock_read_pm_timer(&machine.pc.pm);
}

/* The result may be a thousandth off: the PM timer has 3.6 counts per us. */
static void expect_khz(uint64_t tsc_khz, uint64_t after_us)
{
	struct clock clock;

	start(tsc_khz, 1000);
	fake_cpu.tsc += tsc_khz * after_us / 1000;
	arch_clock(&clock, &machine, 1000);
	EXPECT(clock.khz >= tsc_khz - tsc_khz / 500);
	EXPECT(clock.khz <= tsc_khz + tsc_khz / 500);
}

static void a_tick_is_as_long_as_the_pm_timer_says(void)
{
	expect_khz(2900000, 10000);
	expect_khz(1000000, 1000000); /* TCG */
	expect_khz(5000000, 400000);
	expect_khz(100000, 5000);
}

static void expect_unknown(void)
{
	struct clock clock;

	arch_clock(&clock, &machine, 0);

	EXPECT_EQ(clock.khz, 0);
	EXPECT_EQ(clock.start_ns, 0);
}

static uint32_t nobody(uint16_t port, uint32_t size)
{
	(void)port;
	(void)size;
	return UINT32_MAX;
}

/* The timer may have come round, any number of times. */
static void a_long_boot_is_measured_at_its_end(void)
{
	for (uint64_t ms = 900; ms < 20000; ms += 1900) {
		struct clock clock;

		start(3000000, 1000);
		fake_cpu.tsc_step = 1000;
		fake_cpu.tsc += 3000000 * ms;
		arch_clock(&clock, &machine, 1000);
		EXPECT(clock.khz > 2990000 && clock.khz < 3010000);
		EXPECT_EQ(clock.start_ns, 0);
	}
	start(3000000, 1000);
	fake_cpu.tsc_step = 1000;
	fake_cpu.tsc += 30000000000;
	fake_cpu.in = nobody; /* the timer has stopped */
	expect_unknown();
}

/* The timer has wrapped between the two reads. */
static void the_timer_has_24_bits(void)
{
	struct clock clock;

	start(2000000, 1000);
	offset = 0xfff000;
	garbage = 0xa5000000;
	machine.pc.pm_start = clock_read_pm_timer(&machine.pc.pm);
	EXPECT(machine.pc.pm_start.count < 0x1000000);
	fake_cpu.tsc += 100000000; /* 50 ms are 178977 counts */
	arch_clock(&clock, &machine, 1000);
	EXPECT(clock.khz > 1990000 && clock.khz < 2010000);
}

/* After a restart the TSC may have any value, but the timer tells the time. */
static void the_time_before_the_start_is_told(void)
{
	const uint64_t start_ticks = 1ULL << 50;
	struct clock clock;

	start(2000000, start_ticks);
	offset = PM_HZ;           /* a second */
	fake_cpu.tsc += 20000000; /* 10 ms after the first instruction */
	machine.pc.pm_start = clock_read_pm_timer(&machine.pc.pm);
	fake_cpu.tsc += 100000000;
	arch_clock(&clock, &machine, start_ticks);
	EXPECT(clock.start_ns > 999000000 && clock.start_ns < 1001000000);
}

static void the_start_is_never_before_the_machines(void)
{
	struct clock clock;

	start(2000000, 0);
	fake_cpu.tsc = 1000000;
	machine.pc.pm_start = (struct machine_pm_moment){ 1000000, 1 };
	fake_cpu.tsc += 100000000;
	arch_clock(&clock, &machine, 0);
	EXPECT(clock.khz != 0);
	EXPECT_EQ(clock.start_ns, 0);
}

static void what_says_too_little_says_nothing(void)
{
	start(2000000, 1000);
	fake_cpu.tsc += 2000000 / PM_HZ * 60 * 1000; /* too early */
	expect_unknown();
	start(2000000, 1000);
	fake_cpu.tsc += 100000000;
	machine.pc.pm_start.ticks = 0; /* there is no timer */
	expect_unknown();
	start(2000000, 1000); /* the TSC stands still */
	offset = 1000;
	expect_unknown();
}

static void a_timer_that_stands_still_says_nothing(void)
{
	start(2000000, 1000);
	fake_cpu.in = nobody;
	machine.pc.pm_start = clock_read_pm_timer(&machine.pc.pm);
	fake_cpu.tsc += 100000000;
	expect_unknown();
}

static uint32_t timer_count, timer_reads;

static uint32_t read_fixed(uint16_t port, uint32_t size)
{
	EXPECT_EQ(port, PM_BASE + 8);
	EXPECT_EQ(size, 4);
	timer_reads++;
	return timer_count;
}

/* The timer has gone from `first` to `last` in so many ticks. */
static void measure(struct clock *clock, uint32_t first, uint32_t last,
                    uint64_t ticks)
{
	start(1000, 0);
	fake_cpu.in = read_fixed;
	timer_reads = 0;
	timer_count = first;
	fake_cpu.tsc = 3000000000000;
	machine.pc.pm_start = clock_read_pm_timer(&machine.pc.pm);
	EXPECT_EQ(machine.pc.pm_start.ticks, 3000000000000);
	timer_count = last;
	fake_cpu.tsc += ticks;
	/* The blob's first instruction was 2 ms before, if 3 GHz are. */
	arch_clock(clock, &machine, 3000000000000 - 6000000);
}

/* ACPI 6.4 section 4.8.3.3: 24 bits at 3.579545 MHz, here after 4.5 s. */
static void the_figures_are_exact(void)
{
	const uint32_t first = 16107953;
	struct clock clock;

	measure(&clock, first, (first + 3579000) % (1 << 24), 3000000000);
	EXPECT_EQ(machine.pc.pm_start.count, first);
	EXPECT_EQ(clock.khz, 3000000);
	EXPECT_EQ(clock.start_ns, 4500000139 - 2000000);
}

static void some_64_counts_say_enough(void)
{
	struct clock clock;

	measure(&clock, 1000, 1064, 64000);
	EXPECT_EQ(clock.khz, 3579000);
	measure(&clock, 1000, 1063, 64000);
	EXPECT_EQ(clock.khz, 0);
}

/* At more than 4,000,000,000 ticks the timer may have come round. */
static void only_a_long_boot_is_measured_again(void)
{
	struct clock clock;

	measure(&clock, 0, 4000000, 4000000000);
	EXPECT_EQ(clock.khz, 3579000);
	EXPECT_EQ(timer_reads, 2);
	EXPECT_EQ(fake_cpu.pause_count, 0);
	start(1000, 0);
	fake_cpu.in = read_fixed;
	fake_cpu.tsc_step = 1;
	timer_reads = 0;
	timer_count = 0;
	machine.pc.pm_start = (struct machine_pm_moment){ 1000, 0 };
	fake_cpu.tsc = 4000001000; /* one tick more is the time of reading */
	arch_clock(&clock, &machine, 1000);
	EXPECT_EQ(timer_reads, 2);
	/* The second time is 1,000,000 ticks after the first. */
	EXPECT_EQ(fake_cpu.tsc, 4000001001 + 1000000 + 1);
	EXPECT_EQ(fake_cpu.pause_count, 1000000 - 1);
}

static void a_wait_ends_after_30000000000_ticks(void)
{
	fake_cpu_clear();
	fake_cpu.tsc = 7 + 30000000000 - 1;
	EXPECT(arch_wait(7));
	fake_cpu.tsc++;
	EXPECT(!arch_wait(7));
	EXPECT_EQ(fake_cpu.pause_count, 2);
}

static void waits_end(void)
{
	uint64_t started, count = 0;

	fake_cpu_clear();
	fake_cpu.tsc_step = 1000000000;
	started = arch_ticks();
	while (arch_wait(started))
		count++;
	EXPECT_EQ(count, 29);
}

int main(void)
{
	RUN(a_tick_is_as_long_as_the_pm_timer_says);
	RUN(a_long_boot_is_measured_at_its_end);
	RUN(the_timer_has_24_bits);
	RUN(the_time_before_the_start_is_told);
	RUN(the_start_is_never_before_the_machines);
	RUN(what_says_too_little_says_nothing);
	RUN(a_timer_that_stands_still_says_nothing);
	RUN(the_figures_are_exact);
	RUN(some_64_counts_say_enough);
	RUN(only_a_long_boot_is_measured_again);
	RUN(a_wait_ends_after_30000000000_ticks);
	RUN(waits_end);
	return test_status();
}
