/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/lib/clock.c - the TSC, and how its ticks become time
 *
 * The ACPI PM timer tells how long a tick is. It is read once when it first
 * answers (machine.pc.pm_start), and once now. If that is so long ago that it
 * may have come round, a third of a millisecond more is measured. A VMM starts
 * that timer with the machine, so it also tells how long the machine had run
 * before the blob's first instruction; after a restart that is any time. ACPI
 * 6.4 section 4.8.3.3.
 */
#include "arch/x86_64/lib/clock.h"

#include "arch/x86_64/cpu.h"
#include "common/arch.h"
#include "common/lib/clock.h"

/* Ten seconds at 3 GHz. */
#define WAIT_MAX_TICKS 30000000000

#define PM_TIMER_HZ    3579545
#define PM_TIMER_MASK  0xffffff
#define PM_COUNT_MIN   64         /* fewer counts say too little */
#define PM_TICKS_MAX   4000000000 /* the timer comes round at 4.7 s */
#define PM_TICKS_MIN   1000000    /* where it may have: 1,193 counts at 3 GHz */
#define NS_PER_S       1000000000ULL
#define NS_PER_MS      1000000ULL

uint64_t arch_ticks(void)
{
	return cpu_rdtsc();
}

bool arch_wait(uint64_t start)
{
	cpu_pause();
	return cpu_rdtsc() - start < WAIT_MAX_TICKS;
}

struct machine_pm_moment clock_read_pm_timer(const struct machine_pm *pm)
{
	uint32_t count = cpu_inl(pm->base + PM_TIMER_OFFSET);

	return (struct machine_pm_moment){ cpu_rdtsc(), count & PM_TIMER_MASK };
}

void arch_clock(struct clock *clock, const struct machine *machine,
                uint64_t start_ticks)
{
	const struct machine_pm_moment *start = &machine->pc.pm_start;
	struct machine_pm_moment last = *start, now;
	uint64_t count, start_ns, before_ns, khz;

	*clock = (struct clock){ 0 };
	if (!start->ticks)
		return;
	now = clock_read_pm_timer(&machine->pc.pm);
	if (now.ticks - last.ticks > PM_TICKS_MAX) {
		last = now;
		while (cpu_rdtsc() - last.ticks < PM_TICKS_MIN)
			cpu_pause();
		now = clock_read_pm_timer(&machine->pc.pm);
	}
	count = (now.count - last.count) & PM_TIMER_MASK;
	if (count < PM_COUNT_MIN)
		return;
	khz = (now.ticks - last.ticks) * (PM_TIMER_HZ / 1000) / count;
	if (!khz)
		return;
	start_ns = start->count * NS_PER_S / PM_TIMER_HZ;
	before_ns = (start->ticks - start_ticks) * NS_PER_MS / khz;
	*clock = (struct clock){
		.khz = khz,
		.start_ns = start_ns - min_u64(start_ns, before_ns),
	};
}
