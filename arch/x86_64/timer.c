/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/timer.c - short sleeps by local APIC, TSC frequency by 8254
 *
 * Linux calibrates its TSC itself where it can. On a machine whose only clock
 * is an 8254 without port 61 (QEMU microvm without KVM) it often cannot, and
 * without a frequency its boot stops for good: in hardware-reduced ACPI mode
 * it calibrates the APIC timer by the TSC alone. There we measure, over the
 * time that the boot takes anyway, and tell it by tsc_early_khz.
 */
#include "arch/x86_64/cpu.h"
#include "arch/x86_64/memmap.h"
#include "arch/x86_64/x86.h"

/* SDM 3A table "Local APIC Register Address Map". */
#define LAPIC_SVR           0x0f0
#define LAPIC_LVT_TIMER     0x320
#define LAPIC_TIMER_INITIAL 0x380
#define LAPIC_TIMER_DIVIDE  0x3e0
#define LAPIC_SVR_ENABLE    0x1ff
#define LAPIC_DIVIDE_BY_1   0xb

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
#define MEASURE_SLEEP_TICKS 1000000
#define MEASURE_TRY_MAX     64
#define MEASURE_ERROR_PARTS 16384
#define START_TRY_MAX       16
#define START_ERROR_MAX     4000

void timer_sleep(uint32_t lapic_ticks)
{
	cpu_write32(LAPIC_BASE + LAPIC_SVR, LAPIC_SVR_ENABLE);
	cpu_write32(LAPIC_BASE + LAPIC_TIMER_DIVIDE, LAPIC_DIVIDE_BY_1);
	cpu_write32(LAPIC_BASE + LAPIC_LVT_TIMER, TIMER_VECTOR);
	cpu_write32(LAPIC_BASE + LAPIC_TIMER_INITIAL, lapic_ticks);
	cpu_wait_interrupt();
}

/*
 * Starts counter 0 at its full range and returns the TSC of that moment. A
 * host that looks away between the two spoils the pair; then once more.
 */
static uint64_t start_counter(void)
{
	uint64_t before, after;

	for (uint32_t i = 0; i < START_TRY_MAX; i++) {
		cpu_outb(PIT_CONTROL, PIT_MODE0_16BIT);
		cpu_outb(PIT_COUNTER0, 0xff);
		before = cpu_rdtsc();
		cpu_outb(PIT_COUNTER0, 0xff); /* it counts from here on */
		after = cpu_rdtsc();
		if (after - before < START_ERROR_MAX)
			break;
	}
	return before + (after - before) / 2;
}

struct sample {
	uint32_t periods; /* of the PIT; 0: more than it can count */
	uint64_t ticks;   /* of the TSC, at the same time */
	uint64_t error;
};

static struct sample read_counter(void)
{
	struct sample sample = { .ticks = cpu_rdtsc() };
	uint32_t status, low, high;

	cpu_outb(PIT_CONTROL, PIT_READ_BACK0); /* freezes the count */
	sample.error = (cpu_rdtsc() - sample.ticks) / 2;
	sample.ticks += sample.error;
	status = cpu_inb(PIT_COUNTER0);
	low = cpu_inb(PIT_COUNTER0);
	high = cpu_inb(PIT_COUNTER0);
	if (!(status & (PIT_STATUS_OUT | PIT_STATUS_NULL)))
		sample.periods = 0xffff - (high << 8 | low);
	return sample;
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
	boot->pit_start_ticks = start_counter();
}

void tsc_finish(struct boot *boot)
{
	if (!boot->pit_start_ticks)
		return;
	for (uint32_t i = 0; i < MEASURE_TRY_MAX; i++) {
		struct sample sample = read_counter();
		uint64_t elapsed = sample.ticks - boot->pit_start_ticks;

		if (sample.periods >= MEASURE_MIN_COUNT &&
		    sample.error < elapsed / MEASURE_ERROR_PARTS) {
			boot->machine.pc.tsc_khz =
				elapsed * PIT_HZ / sample.periods / 1000;
			return;
		}
		if (!sample.periods)
			boot->pit_start_ticks = start_counter();
		timer_sleep(MEASURE_SLEEP_TICKS);
	}
}
