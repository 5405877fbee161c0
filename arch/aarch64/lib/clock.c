/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/aarch64/lib/clock.c - time, from the generic timer's virtual counter */
#include "arch/aarch64/cpu.h"
#include "common/arch.h"
#include "common/lib/clock.h"

#define NS_PER_MS  1000000ULL
#define WAIT_MAX_S 10

uint64_t arch_ticks(void)
{
	return cpu_counter();
}

bool arch_wait(uint64_t start)
{
	cpu_yield();
	return cpu_counter() - start < WAIT_MAX_S * cpu_counter_hz();
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
