/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/describe/times.c - the ledger in nanoseconds since reset, for the
 * FPDT
 *
 * The ledger counts TSC ticks. What a tick is we learn from the ACPI PM timer,
 * read once when it first answers and once now; a VMM starts it with the
 * machine, so it also tells how long that had run before our first instruction,
 * which after a restart is anything.
 */
#include "arch/x86_64/cpu.h"
#include "arch/x86_64/lib/x86.h"
#include "common/arch.h"

#define PM_TIMER_OFFSET 8 /* from PM1_EVT, PIIX4 and ICH9 alike */
#define PM_TIMER_HZ     3579545
#define PM_TIMER_MASK   0xffffff
#define PM_COUNT_MIN    64         /* fewer say too little */
#define PM_TICKS_MAX    2000000000 /* later it may have come round, at 4.7 s */
#define NS_PER_S        1000000000ULL

static struct pm_moment read_pm_timer(const struct boot *boot)
{
	uint32_t count = cpu_inl(boot->machine.pc.pm.base + PM_TIMER_OFFSET);

	return (struct pm_moment){ cpu_rdtsc(), count & PM_TIMER_MASK };
}

void times_start(struct boot *boot)
{
	if (boot->machine.pc.pm.base)
		boot->pm_start = read_pm_timer(boot);
}

bool times_convert(const struct boot *boot, struct acpi_fpdt_times *times)
{
	const struct ledger *ledger = &boot->ledger;
	const struct pm_moment *start = &boot->pm_start;
	struct pm_moment now;
	uint64_t count, start_ns, khz;

	if (!start->ticks)
		return false;
	now = read_pm_timer(boot);
	count = (now.count - start->count) & PM_TIMER_MASK;
	if (count < PM_COUNT_MIN || now.ticks - start->ticks > PM_TICKS_MAX)
		return false;
	khz = (now.ticks - start->ticks) * (PM_TIMER_HZ / 1000) / count;
	if (!khz)
		return false;

	start_ns = start->count * NS_PER_S / PM_TIMER_HZ;
	times->reset_end =
		start_ns -
		min_u64(start_ns,
	                (start->ticks - boot->start_ticks) * 1000000 / khz);
	times->load_start = times->reset_end + (ledger->ticks[LEDGER_PAYLOAD] -
	                                        boot->start_ticks) *
	                                               1000000 / khz;
	times->load_end = times->reset_end + (ledger->ticks[LEDGER_PLACEMENT] -
	                                      boot->start_ticks) *
	                                             1000000 / khz;
	times->exit = times->reset_end +
	              (now.ticks - boot->start_ticks) * 1000000 / khz;
	return true;
}
