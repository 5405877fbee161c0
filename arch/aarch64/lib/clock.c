/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/aarch64/lib/clock.c - time, from the generic timer's virtual counter */
#include "arch/aarch64/cpu.h"
#include "common/arch.h"
#include "common/lib/clock.h"

#define NS_PER_MS  1000000ULL
#define WAIT_MAX_S 10

/*
 * If nobody has told the frequency, this one is assumed. Counters run at 24 MHz
 * to 1 GHz, so a wait ends after 1 to 42 seconds.
 */
#define ASSUMED_HZ 100000000

uint64_t arch_ticks(void)
{
	return cpu_counter();
}

bool arch_wait(uint64_t start)
{
	uint64_t hz = cpu_counter_hz();

	cpu_yield();
	return cpu_counter() - start < WAIT_MAX_S * (hz ? hz : ASSUMED_HZ);
}

/*
 * The counter has run since the VMM started the machine, and CNTFRQ_EL0 says
 * how fast. If it says 0, times are unknown.
 */
void arch_clock(struct clock *clock, const struct machine *machine,
                uint64_t start_ticks)
{
	uint64_t khz = cpu_counter_hz() / 1000;

	(void)machine;
	*clock = (struct clock){ 0 };
	if (!khz)
		return;
	*clock = (struct clock){
		.khz = khz,
		.start_ns = start_ticks / khz * NS_PER_MS +
		            start_ticks % khz * NS_PER_MS / khz,
	};
}
