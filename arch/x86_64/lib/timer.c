/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/lib/timer.c - short sleeps by local APIC, TSC frequency by 8254
 *
 * Linux calibrates its TSC itself where it can. On a machine whose only clock
 * is an 8254 without port 61 (QEMU microvm without KVM) it often cannot, and
 * without a frequency its boot stops for good: in hardware-reduced ACPI mode
 * it calibrates the APIC timer by the TSC alone. There we measure, over the
 * time that the boot takes anyway, and tell it by tsc_early_khz.
 */
#include "arch/x86_64/cpu.h"
#include "arch/x86_64/lib/lapic.h"
#include "arch/x86_64/memmap.h"
#include "arch/x86_64/lib/x86.h"

/* Intel 8254 datasheet, "Control Word Format" and "Read-Back Command". */
#define PIT_COUNTER0    0x40
#define PIT_CONTROL     0x43
#define PIT_MODE0_16BIT 0x30
#define PIT_READ_BACK0  0xc2 /* status, then count */
#define PIT_STATUS_OUT  0x80
#define PIT_STATUS_NULL 0x40
#define PIT_HZ          1193182

/* At least this long: 838 ns of 4 ms are 0.02 %. */
#define MEASURE_MIN_COUNT   (PIT_HZ / 250)
#define MEASURE_SLEEP_TICKS 4200000  /* ns or more under TCG */
#define MEASURE_MIN_TICKS   10000000 /* 4 ms at 2.5 GHz */
#define MEASURE_TRY_MAX     256
#define MEASURE_ERROR_PARTS 4096

void timer_sleep(uint32_t lapic_ticks)
{
	cpu_write32(LAPIC_BASE + LAPIC_SVR, LAPIC_SVR_ENABLE);
	cpu_write32(LAPIC_BASE + LAPIC_LVT_TIMER, TIMER_VECTOR);
	cpu_write32(LAPIC_BASE + LAPIC_TIMER_INITIAL, lapic_ticks);
	cpu_wait_interrupt();
}

/* A port access at a known time: the middle of what it took, give or take. */
static struct moment out_timed(uint16_t port, uint8_t value)
{
	uint64_t before = cpu_rdtsc();

	cpu_outb(port, value);
	struct moment moment = { .error = (cpu_rdtsc() - before) / 2 };
	moment.ticks = before + moment.error;
	return moment;
}

/* Starts counter 0 at its full range. */
static struct moment start_counter(void)
{
	cpu_outb(PIT_CONTROL, PIT_MODE0_16BIT);
	cpu_outb(PIT_COUNTER0, 0xff);
	return out_timed(PIT_COUNTER0, 0xff);
}

/* Periods counted by `*moment`; 0: more than it can count. */
static uint32_t read_counter(struct moment *moment)
{
	uint32_t status, low, high;

	*moment = out_timed(PIT_CONTROL, PIT_READ_BACK0); /* freezes it */
	status = cpu_inb(PIT_COUNTER0);
	low = cpu_inb(PIT_COUNTER0);
	high = cpu_inb(PIT_COUNTER0);
	if (status & (PIT_STATUS_OUT | PIT_STATUS_NULL))
		return 0;
	return 0xffff - (high << 8 | low);
}

/* CPUID.15H, or 40000010H of KVM and Xen, tell Linux; then we need not. */
static bool is_frequency_known(const struct machine *machine)
{
	if (machine->hypervisor == MACHINE_HYPERVISOR_NONE ||
	    machine->hypervisor == MACHINE_HYPERVISOR_TCG)
		return false;
	return true;
}

void tsc_start(struct boot *boot)
{
	const struct machine_pc *pc = &boot->machine.pc;

	if (!pc->has_pit || pc->has_port61 || pc->hpet_paddr || pc->pm.base ||
	    is_frequency_known(&boot->machine))
		return;
	boot->pit_start = start_counter();
}

/*
 * A host that looks away during an access spoils the moment, not the count:
 * measuring longer makes up for it.
 */
void tsc_finish(struct boot *boot)
{
	struct moment start = boot->pit_start, now;

	if (!start.ticks)
		return;
	if (cpu_rdtsc() - start.ticks < MEASURE_MIN_TICKS)
		timer_sleep(MEASURE_SLEEP_TICKS);
	for (uint32_t i = 0; i < MEASURE_TRY_MAX; i++) {
		uint32_t periods = read_counter(&now);
		uint64_t elapsed = now.ticks - start.ticks;

		if (periods >= MEASURE_MIN_COUNT &&
		    start.error + now.error < elapsed / MEASURE_ERROR_PARTS) {
			boot->machine.pc.tsc_khz =
				elapsed * PIT_HZ / periods / 1000;
			return;
		}
		if (!periods)
			start = start_counter();
		timer_sleep(MEASURE_SLEEP_TICKS);
	}
}
