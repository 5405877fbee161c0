/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/lib/tsc.c - the TSC's frequency, by CPUID or by the 8254
 *
 * Linux calibrates its TSC itself if it can. On a machine whose only clock is
 * an 8254 without port 61 (QEMU microvm without KVM) it often cannot. Without a
 * frequency its boot stops for good, because in hardware-reduced ACPI mode it
 * calibrates the APIC timer by the TSC alone. On such a machine the blob asks
 * CPUID, or else measures the frequency, over the time that the boot takes
 * anyway, and tells Linux by tsc_early_khz.
 *
 * A paravisor's Linux is told as well. What it measures by the 8254 itself is
 * too low by as much as the host has looked away between the counter's start
 * and the TSC's reading, and it believes that even if an HPET says otherwise.
 */
#include "arch/x86_64/lib/tsc.h"

#include "arch/x86_64/cpu.h"
#include "arch/x86_64/lib/clock.h"
#include "arch/x86_64/lib/lapic.h"
#include "arch/x86_64/lib/timer.h"

/* Intel 8254 datasheet, "Control Word Format" and "Read-Back Command". */
#define PIT_COUNTER0    0x40
#define PIT_CONTROL     0x43
#define PIT_MODE0_16BIT 0x30
#define PIT_READ_BACK0  0xc2 /* status, then count */
#define PIT_STATUS_OUT  0x80
#define PIT_STATUS_NULL 0x40
#define PIT_HZ          1193182

/*
 * The measurement takes at least this long: 838 ns of 4 ms are 0.02 %. Where
 * the VMM takes long for an access, each 16 more tries may be twice as wrong.
 */
#define MEASURE_MIN_COUNT   (PIT_HZ / 250)
#define MEASURE_SLEEP_TICKS 4200000  /* ns or more under TCG */
#define MEASURE_MIN_TICKS   10000000 /* 4 ms at 2.5 GHz */
#define MEASURE_TRY_MAX     64
#define MEASURE_ERROR_PARTS 4096

#define CPUID_HYPERV        0x40000003
#define CPUID_HYPERV_CLOCKS (1 << 11) /* in EAX: MSR 40000022H has it */
#define CPUID_VMM           0x40000000
#define CPUID_VMM_TSC       0x40000010 /* EAX has kHz (VMware, KVM, ACRN) */

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
 * Tells whether Linux asks the hypervisor for the frequency, and gets it: KVM
 * and Xen by their clocks in memory, Hyper-V by an MSR (TLFS 6.0,
 * section 12.5).
 */
static bool is_frequency_known(const struct machine *machine)
{
	return machine->hypervisor == MACHINE_HYPERVISOR_KVM ||
	       machine->hypervisor == MACHINE_HYPERVISOR_XEN ||
	       (machine->hypervisor == MACHINE_HYPERVISOR_HYPERV &&
	        cpu_cpuid(CPUID_HYPERV, 0).eax & CPUID_HYPERV_CLOCKS);
}

static bool lacks_port61(const struct machine *machine)
{
	return machine->platform == MACHINE_PLATFORM_MICROVM ||
	       machine->platform == MACHINE_PLATFORM_BARE;
}

/* Returns the frequency in kHz that a hypervisor tells by CPUID, or 0. */
static uint32_t told_khz(const struct machine *machine)
{
	if (machine->hypervisor == MACHINE_HYPERVISOR_NONE ||
	    cpu_cpuid(CPUID_VMM, 0).eax < CPUID_VMM_TSC)
		return 0;
	return cpu_cpuid(CPUID_VMM_TSC, 0).eax;
}

void tsc_measure(struct machine *machine)
{
	struct machine_pc *pc = &machine->pc;

	if (is_frequency_known(machine))
		return;
	pc->tsc_khz = told_khz(machine);
	/* Meanwhile timer_sleep() is called. */
	if (!pc->tsc_khz && pc->has_pit &&
	    cpu_cpuid(1, 0).edx & CPUID_1_EDX_APIC)
		pc->pit_start = start_counter();
}

void tsc_start(struct machine *machine)
{
	if (lacks_port61(machine) && !machine->pc.hpet_paddr &&
	    !clock_has_pm_timer(machine))
		tsc_measure(machine);
}

/*
 * If the host is busy elsewhere during an access, the moment is inexact, but
 * not the count. Measuring longer makes up for it.
 */
uint32_t tsc_khz(const struct machine *machine)
{
	struct machine_moment start = machine->pc.pit_start, now;

	if (!start.ticks)
		return machine->pc.tsc_khz;
	if (cpu_rdtsc() - start.ticks < MEASURE_MIN_TICKS)
		timer_sleep(MEASURE_SLEEP_TICKS);
	for (uint32_t i = 0; i < MEASURE_TRY_MAX; i++) {
		uint32_t periods = read_counter(&now);
		uint64_t elapsed = now.ticks - start.ticks;

		if (periods >= MEASURE_MIN_COUNT &&
		    start.error + now.error <
		            elapsed / (MEASURE_ERROR_PARTS >> i / 16))
			return elapsed * PIT_HZ / periods / 1000;
		if (!periods)
			start = start_counter();
		timer_sleep(MEASURE_SLEEP_TICKS);
	}
	return 0;
}
