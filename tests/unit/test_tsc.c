/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/unit/test_tsc.c - the TSC's frequency, beside an 8254 of variables
 *
 * Intel 8254 datasheet: counter 0 in mode 0 counts down from the written value,
 * and freezes its state and count for a read-back command.
 */
#include <string.h>

#include "arch/x86_64/lib/tsc.h"
#include "arch/x86_64/lib/timer.h"
#include "tests/unit/fake_cpu.h"
#include "tests/unit/test.h"

#define PIT_HZ 1193182
#define APIC   (1 << 9)

static struct machine machine;
static uint64_t khz;          /* the TSC's frequency */
static uint64_t access_ticks; /* TSC ticks that a port access takes */
static uint64_t slow_access;  /* the host pauses at this access */
static uint64_t slow_ticks;   /* so long */

static struct {
	bool is_dead; /* it never starts to count */
	uint64_t started;
	uint32_t writes, starts;
	uint8_t latch[3]; /* state, low, high */
	uint32_t reads;
} pit;

static uint64_t accesses;

static void spend(void)
{
	fake_cpu.tsc += accesses++ == slow_access ? slow_ticks : access_ticks;
}

static void freeze(void)
{
	uint64_t periods = (fake_cpu.tsc - pit.started) * PIT_HZ / 1000 / khz;
	uint32_t count = 0xffff - (uint32_t)periods;

	pit.latch[0] = periods > 0xffff ? 0x80 : pit.is_dead ? 0x40 : 0;
	pit.latch[0] |= 0x3f; /* How it was set up is not asked. */
	pit.latch[1] = count & 0xff;
	pit.latch[2] = count >> 8 & 0xff;
	pit.reads = 0;
}

static void write_pit(uint16_t port, uint32_t size, uint32_t value)
{
	EXPECT_EQ(size, 1);
	spend();
	if (port == 0x43 && value == 0x30) {
		pit.writes = 0;
	} else if (port == 0x43) {
		EXPECT_EQ(value, 0xc2);
		freeze();
	} else {
		EXPECT_EQ(port, 0x40);
		EXPECT_EQ(value, 0xff);
		if (++pit.writes == 2) {
			pit.started = fake_cpu.tsc;
			pit.starts++;
		}
	}
	spend();
}

static uint32_t read_pit(uint16_t port, uint32_t size)
{
	EXPECT_EQ(port, 0x40);
	EXPECT_EQ(size, 1);
	EXPECT(pit.reads < 3);
	spend();
	return pit.latch[pit.reads++ % 3];
}

/* The bus clock is 1 ns, as under TCG. */
void timer_sleep(uint32_t lapic_ticks)
{
	fake_cpu.sleep_count++;
	fake_cpu.tsc += khz * lapic_ticks / 1000000;
}

/* A microvm under TCG has only an 8254 to tell the time. */
static void start(uint64_t tsc_khz)
{
	fake_cpu_clear();
	memset(&machine, 0, MACHINE_CLEAR_SIZE);
	memset(&pit, 0, sizeof(pit));
	machine.platform = MACHINE_PLATFORM_MICROVM;
	machine.hypervisor = MACHINE_HYPERVISOR_TCG;
	machine.pc.has_pit = true;
	fake_cpu_set_cpuid(1, 0, (struct cpuid){ .edx = APIC });
	khz = tsc_khz;
	access_ticks = khz / 1000; /* 1 us */
	slow_access = UINT64_MAX;
	slow_ticks = khz * 20;
	accesses = 0;
	fake_cpu.tsc = 1 << 20;
	fake_cpu.in = read_pit;
	fake_cpu.out = write_pit;
}

/* The result may be 0.1 % off; this host does not look away for so long. */
static void expect_measured(void)
{
	uint32_t got = tsc_khz(&machine);

	EXPECT(got >= khz - khz / 4000);
	EXPECT(got <= khz + khz / 4000);
}

static void any_frequency_is_measured(void)
{
	static const uint64_t all[] = { 100000,  1000000, 1799998,
		                        2994375, 4100000, 5300000 };

	for (uint32_t i = 0; i < ARRAY_COUNT(all); i++) {
		start(all[i]);
		tsc_start(&machine);
		EXPECT(machine.pc.pit_start.ticks != 0);
		fake_cpu.tsc += khz * 12; /* the boot, in ms */
		expect_measured();
	}
}

/* Of a TSC with 1,000 ticks a period, all is known to the tick. */
static void no_period_is_lost(void)
{
	static const uint64_t periods[] = { 10000, 40000, 65535 };

	for (uint32_t i = 0; i < ARRAY_COUNT(periods); i++) {
		start(PIT_HZ);
		access_ticks = 0;
		tsc_start(&machine);
		EXPECT_EQ(machine.pc.pit_start.error, 0);
		fake_cpu.tsc += periods[i] * 1000;
		EXPECT_EQ(tsc_khz(&machine), PIT_HZ);
		EXPECT_EQ(fake_cpu.sleep_count, 0);
	}
}

/* A boot of a millisecond is too short, so we sleep for the rest. */
static void a_short_boot_is_waited_for(void)
{
	start(2000000);
	tsc_start(&machine);
	expect_measured();
	EXPECT(fake_cpu.sleep_count >= 1 && fake_cpu.sleep_count <= 2);
}

static void a_long_boot_is_measured_anew(void)
{
	start(2000000);
	tsc_start(&machine);
	fake_cpu.tsc += khz * 1000; /* it has counted to its end at 55 ms */
	expect_measured();
	EXPECT_EQ(pit.starts, 2);
}

static void a_host_that_looks_away_spoils_nothing(void)
{
	for (uint64_t i = 0; i < 40; i++) {
		start(2000000);
		slow_access = i;
		tsc_start(&machine);
		fake_cpu.tsc += khz * 6;
		expect_measured();
	}
}

/* A tenth of a millisecond is a hundredth of what is measured. */
static void nor_does_one_that_looks_away_shortly(void)
{
	for (uint64_t i = 0; i < 40; i++) {
		start(2000000);
		slow_access = i;
		slow_ticks = khz / 10;
		tsc_start(&machine);
		fake_cpu.tsc += khz * 6;
		expect_measured();
	}
}

static void a_counter_that_never_counts_is_given_up(void)
{
	start(2000000);
	pit.is_dead = true;
	tsc_start(&machine);
	EXPECT_EQ(tsc_khz(&machine), 0);
	EXPECT(fake_cpu.sleep_count <= 65);
}

static uint32_t read_nobody(uint16_t port, uint32_t size)
{
	(void)port;
	(void)size;
	return UINT32_MAX;
}

static void nobody_at_its_ports_is_given_up(void)
{
	start(2000000);
	fake_cpu.in = read_nobody;
	tsc_start(&machine);
	EXPECT_EQ(tsc_khz(&machine), 0);
}

/* Each access takes so long that the usual error is out of reach. */
static void a_slow_vmm_is_measured_less_exactly(void)
{
	start(2000000);
	access_ticks = khz / 50; /* 20 us */
	tsc_start(&machine);
	expect_measured();
	EXPECT(fake_cpu.sleep_count <= 64);
}

static void expect_told(uint32_t told)
{
	tsc_start(&machine);
	EXPECT_EQ(tsc_khz(&machine), told);
	EXPECT_EQ(fake_cpu.out_count, 0);
	EXPECT_EQ(fake_cpu.sleep_count, 0);
}

static void what_cpuid_tells_is_not_measured(void)
{
	start(2000000);
	machine.pc.has_pit = false;
	machine.hypervisor = MACHINE_HYPERVISOR_OTHER;
	fake_cpu_set_cpuid(0x40000000, 0, (struct cpuid){ .eax = 0x40000010 });
	fake_cpu_set_cpuid(0x40000010, 0, (struct cpuid){ .eax = 2500000 });
	expect_told(2500000);
	start(2000000); /* the leaf is beyond the last one */
	machine.hypervisor = MACHINE_HYPERVISOR_OTHER;
	fake_cpu_set_cpuid(0x40000000, 0, (struct cpuid){ .eax = 0x4000000f });
	fake_cpu_set_cpuid(0x40000010, 0, (struct cpuid){ .eax = 2500000 });
	tsc_start(&machine);
	expect_measured();
	start(2000000); /* No leaf of a hypervisor is asked without one. */
	machine.hypervisor = MACHINE_HYPERVISOR_NONE;
	fake_cpu_set_cpuid(0x40000000, 0, (struct cpuid){ .eax = 0x40000010 });
	fake_cpu_set_cpuid(0x40000010, 0, (struct cpuid){ .eax = 2500000 });
	tsc_start(&machine);
	expect_measured();
	/* Linux reads Hyper-V's MSR only if it may. */
	start(2000000);
	machine.hypervisor = MACHINE_HYPERVISOR_HYPERV;
	fake_cpu_set_cpuid(0x40000003, 0, (struct cpuid){ .eax = 1 << 11 });
	expect_told(0);
	start(2000000);
	machine.hypervisor = MACHINE_HYPERVISOR_HYPERV;
	tsc_start(&machine);
	expect_measured();
}

static void expect_not_started(void)
{
	tsc_start(&machine);
	EXPECT_EQ(machine.pc.pit_start.ticks, 0);
	EXPECT_EQ(fake_cpu.out_count, 0);
	EXPECT_EQ(tsc_khz(&machine), 0);
}

static void where_linux_can_measure_we_do_not(void)
{
	start(2000000);
	machine.pc.has_pit = false;
	expect_not_started();
	start(2000000);
	machine.platform = MACHINE_PLATFORM_I440FX; /* port 61 */
	expect_not_started();
	start(2000000);
	machine.pc.hpet_paddr = 0xfed00000;
	expect_not_started();
	start(2000000);
	fake_cpu_set_cpuid(1, 0, (struct cpuid){ 0 }); /* no sleep would end */
	expect_not_started();
	start(2000000);
	machine.pc.pm.base = 0x600;
	expect_not_started();
	machine.pc.pm.lacks_timer = true; /* crosvm */
	tsc_start(&machine);
	EXPECT(machine.pc.pit_start.ticks != 0);
	start(2000000);
	machine.hypervisor = MACHINE_HYPERVISOR_KVM; /* CPUID tells */
	expect_not_started();
	start(2000000);
	machine.hypervisor = MACHINE_HYPERVISOR_XEN; /* So does its page. */
	expect_not_started();
	start(2000000);
	machine.platform = MACHINE_PLATFORM_BARE;
	machine.hypervisor = MACHINE_HYPERVISOR_NONE;
	tsc_start(&machine);
	EXPECT(machine.pc.pit_start.ticks != 0);
}

static void a_paravisors_kernel_is_told(void)
{
	start(2000000);
	machine.platform = MACHINE_PLATFORM_Q35;
	machine.pc.hpet_paddr = 0xfed00000;
	machine.pc.pm.base = 0x600;
	tsc_measure(&machine);
	expect_measured();
	start(2000000);
	machine.hypervisor = MACHINE_HYPERVISOR_KVM; /* it tells */
	tsc_measure(&machine);
	EXPECT_EQ(fake_cpu.out_count, 0);
	EXPECT_EQ(tsc_khz(&machine), 0);
}

int main(void)
{
	RUN(any_frequency_is_measured);
	RUN(no_period_is_lost);
	RUN(a_short_boot_is_waited_for);
	RUN(a_long_boot_is_measured_anew);
	RUN(a_host_that_looks_away_spoils_nothing);
	RUN(nor_does_one_that_looks_away_shortly);
	RUN(a_counter_that_never_counts_is_given_up);
	RUN(nobody_at_its_ports_is_given_up);
	RUN(a_slow_vmm_is_measured_less_exactly);
	RUN(what_cpuid_tells_is_not_measured);
	RUN(where_linux_can_measure_we_do_not);
	RUN(a_paravisors_kernel_is_told);
	return test_status();
}
