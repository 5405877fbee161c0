/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/lib/tsc.c - the TSC's frequency, by the 8254
 *
 * Linux calibrates its TSC itself if it can. On a machine whose only clock is
 * an 8254 without port 61 (QEMU microvm without KVM) it often cannot. Without a
 * frequency its boot stops for good, because in hardware-reduced ACPI mode it
 * calibrates the APIC timer by the TSC alone. On such a machine the blob
 * measures the frequency, over the time that the boot takes anyway, and tells
 * Linux by tsc_early_khz.
 */
#include "arch/x86_64/lib/tsc.h"

#include "arch/x86_64/cpu.h"
#include "arch/x86_64/lib/timer.h"

/* Intel 8254 datasheet, "Control Word Format" and "Read-Back Command". */
#define PIT_COUNTER0    0x40
#define PIT_CONTROL     0x43
#define PIT_MODE0_16BIT 0x30
#define PIT_READ_BACK0  0xc2 /* status, then count */
#define PIT_STATUS_OUT  0x80
#define PIT_STATUS_NULL 0x40
#define PIT_HZ          1193182

/* The measurement takes at least this long: 838 ns of 4 ms are 0.02 %. */
#define MEASURE_MIN_COUNT   (PIT_HZ / 250)
#define MEASURE_SLEEP_TICKS 4200000  /* ns or more under TCG */
#define MEASURE_MIN_TICKS   10000000 /* 4 ms at 2.5 GHz */
#define MEASURE_TRY_MAX     256
#define MEASURE_ERROR_PARTS 4096

/*
 * Writes a port. Returns the middle of the time that this took, and half of it
 * as the error.
 */
static struct machine_moment out_timed(uint16_t port, uint8_t value)
{
	uint64_t before = cpu_rdtsc();

	cpu_outb(port, value);
	struct machine_moment moment = { .error = (cpu_rdtsc() - before) / 2 };
	moment.ticks = before + moment.error;
	return moment;
}

/* Starts counter 0 at its full range. */
static struct machine_moment start_counter(void)
{
	cpu_outb(PIT_CONTROL, PIT_MODE0_16BIT);
	cpu_outb(PIT_COUNTER0, 0xff);
	return out_timed(PIT_COUNTER0, 0xff);
}

/* Returns the periods counted until `*moment`, or 0 if they ran out. */
static uint32_t read_counter(struct machine_moment *moment)
{
	uint32_t status, low, high;

	*moment = out_timed(PIT_CONTROL, PIT_READ_BACK0); /* freezes count */
	status = cpu_inb(PIT_COUNTER0);
	low = cpu_inb(PIT_COUNTER0);
	high = cpu_inb(PIT_COUNTER0);
	if (status & (PIT_STATUS_OUT | PIT_STATUS_NULL))
		return 0;
	return 0xffff - (high << 8 | low);
}

/*
 * Hypervisors tell Linux the frequency by CPUID.15H, or by 40000010H (KVM,
 * Xen).
 */
static bool is_frequency_known(const struct machine *machine)
{
	return machine->hypervisor != MACHINE_HYPERVISOR_NONE &&
	       machine->hypervisor != MACHINE_HYPERVISOR_TCG;
}

static bool lacks_port61(const struct machine *machine)
{
	return machine->platform == MACHINE_PLATFORM_MICROVM ||
	       machine->platform == MACHINE_PLATFORM_BARE;
}

void tsc_start(struct machine *machine)
{
	struct machine_pc *pc = &machine->pc;

	if (!pc->has_pit || !lacks_port61(machine) || pc->hpet_paddr ||
	    pc->pm.base || is_frequency_known(machine))
		return;
	pc->pit_start = start_counter();
}

/*
 * If the host is busy elsewhere during an access, the moment is inexact, but
 * not the count. Measuring longer makes up for it.
 */
uint32_t tsc_khz(const struct machine *machine)
{
	struct machine_moment start = machine->pc.pit_start, now;

	if (!start.ticks)
		return 0;
	if (cpu_rdtsc() - start.ticks < MEASURE_MIN_TICKS)
		timer_sleep(MEASURE_SLEEP_TICKS);
	for (uint32_t i = 0; i < MEASURE_TRY_MAX; i++) {
		uint32_t periods = read_counter(&now);
		uint64_t elapsed = now.ticks - start.ticks;

		if (periods >= MEASURE_MIN_COUNT &&
		    start.error + now.error < elapsed / MEASURE_ERROR_PARTS)
			return elapsed * PIT_HZ / periods / 1000;
		if (!periods)
			start = start_counter();
		timer_sleep(MEASURE_SLEEP_TICKS);
	}
	return 0;
}
