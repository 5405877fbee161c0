/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/unit/test_smp.c - the other processors, which are variables here
 *
 * SDM 3A, "MP Initialization". What they would do, a sleep of the boot
 * processor does.
 */
#include <string.h>

#include "arch/x86_64/lib/lapic.h"
#include "arch/x86_64/lib/smp.h"
#include "arch/x86_64/lib/timer.h"
#include "common/lib/string.h"
#include "tests/unit/fake_cpu.h"
#include "tests/unit/fake_ram.h"
#include "tests/unit/test.h"

#define APIC   (1 << 9)
#define X2APIC (1 << 21)

static struct machine machine;
static uint32_t init_count, startup_count, come_each, come_max, done_max;
static uint32_t come_from, listed_from; /* sleeps before it */
static uint32_t come_count;             /* while the list was open */
static bool is_asked;
static uint32_t sleep_ticks; /* of the last sleep */

static struct smp_mailbox *mailbox(void)
{
	return paddr_ptr(SMP_MAILBOX_BASE);
}

/* A timer is set before each sleep; then others may come. */
static void write(paddr_t paddr, uint32_t size, uint32_t value)
{
	EXPECT_EQ(size, 4);
	if (paddr == LAPIC_BASE + LAPIC_ICR_LOW) {
		init_count += value == LAPIC_ICR_INIT;
		startup_count += value == (LAPIC_ICR_STARTUP | 1);
	}
	if (paddr == LAPIC_BASE + LAPIC_TIMER_INITIAL)
		sleep_ticks = value;
	if (paddr != LAPIC_BASE + LAPIC_TIMER_INITIAL || !startup_count)
		return;
	if (is_asked && mailbox()->come_count < come_max &&
	    fake_cpu.sleep_count >= come_from)
		come_count = mailbox()->come_count += come_each;
	/* What a host has stopped with a place in the list goes on at last. */
	if (is_asked && fake_cpu.sleep_count >= listed_from)
		mailbox()->listed_count = min_u64(come_count, SMP_LIST_MAX);
	if (!is_asked && mailbox()->done_count < done_max)
		mailbox()->done_count++;
}

static void start(uint32_t cpu_count)
{
	memset(&machine, 0, MACHINE_CLEAR_SIZE);
	memset(paddr_ptr(AP_TRAMPOLINE_BASE), 0, 0x1000);
	memset(paddr_ptr(SCRATCH_BASE), 0xa5, SCRATCH_SIZE);
	fake_cpu_clear();
	fake_cpu.write = write;
	fake_cpu_set_cpuid(1, 0, (struct cpuid){ .edx = APIC });
	init_count = startup_count = 0;
	come_each = come_max = come_from = done_max = 0;
	listed_from = come_count = 0;
	is_asked = false;
	machine.hypervisor = MACHINE_HYPERVISOR_KVM;
	machine.pc.lapic_paddr = LAPIC_BASE;
	machine.cpu_count = cpu_count;
	for (uint32_t i = 0; i < cpu_count; i++)
		machine.cpus[i].id = i;
	mailbox()->msr_count = 1; /* the MTRRs of mtrr.c */
}

static struct fake_out writes[8]; /* `port` is an offset in the APIC */
static uint32_t write_count;

static void note_write(paddr_t paddr, uint32_t size, uint32_t value)
{
	EXPECT(write_count < ARRAY_COUNT(writes));
	EXPECT_EQ(fake_cpu.out_count, 1); /* The PIC is masked before. */
	EXPECT_EQ(fake_cpu.sleep_count, 0);
	writes[write_count++] =
		(struct fake_out){ (uint16_t)(paddr - LAPIC_BASE), size,
		                   value };
}

/* SDM 3A, "Local APIC Register Address Map", figures on SVR and LVT. */
static void a_sleep_is_one_interrupt_of_the_apics_timer(void)
{
	static const struct fake_out wanted[] = {
		{ 0x0f0, 4, 0x1ff },   /* the APIC is on */
		{ 0x320, 4, 0x20 },    /* its timer, once, not masked */
		{ 0x380, 4, 1234567 }, /* starts to count */
	};

	start(1);
	write_count = 0;
	fake_cpu.write = note_write;
	timer_sleep(1234567);
	EXPECT(fake_cpu_has_out(0x21, 1, 0xff));
	EXPECT_EQ(write_count, ARRAY_COUNT(wanted));
	for (uint32_t i = 0; i < ARRAY_COUNT(wanted); i++) {
		EXPECT_EQ(writes[i].port, wanted[i].port);
		EXPECT_EQ(writes[i].size, wanted[i].size);
		EXPECT_EQ(writes[i].value, wanted[i].value);
	}
	EXPECT_EQ(fake_cpu.sleep_count, 1);
}

static void one_alone_starts_nobody(void)
{
	start(1);
	smp_start(&machine);
	smp_finish(&machine);
	EXPECT_EQ(init_count, 0);
	EXPECT_EQ(fake_cpu.sleep_count, 0);
	/* Neither does a machine whose others have nothing to do. */
	start(4);
	mailbox()->msr_count = 0;
	smp_start(&machine);
	smp_finish(&machine);
	EXPECT_EQ(init_count, 0);
}

static void all_start_at_once_and_are_awaited(void)
{
	start(4);
	done_max = 3;
	mailbox()->done_count = 7;
	smp_start(&machine);
	EXPECT_EQ(init_count, 1);
	EXPECT_EQ(startup_count, 1);
	EXPECT_EQ(mailbox()->done_count, 0);
	EXPECT_EQ(mailbox()->come_count, SMP_LIST_MAX); /* It is closed. */
	EXPECT_EQ(fake_cpu.sleep_count, 0);
	EXPECT(*(uint8_t *)paddr_ptr(AP_TRAMPOLINE_BASE) != 0);
	smp_finish(&machine);
	EXPECT_EQ(fake_cpu.sleep_count, 3);
	EXPECT_EQ(sleep_ticks, 100000);
	EXPECT_EQ(mailbox()->msr_count, 1);
	/* Bochs needs time between the two IPIs. */
	start(4);
	machine.hypervisor = MACHINE_HYPERVISOR_NONE;
	smp_start(&machine);
	EXPECT_EQ(fake_cpu.sleep_count, 1);
	EXPECT_EQ(sleep_ticks, 10000);
}

static void one_that_does_not_come_panics(void)
{
	start(4);
	done_max = 2;
	smp_start(&machine);
	EXPECT_PANIC("CPUs: 3 of 4 came up", smp_finish(&machine));
	EXPECT_EQ(fake_cpu.sleep_count, 20000);
}

static void large_ids_need_x2apic_mode(void)
{
	start(2);
	machine.cpus[1].id = 0x100;
	machine.pc.has_x2apic = true;
	done_max = 1;
	smp_start(&machine);
	EXPECT_EQ(mailbox()->msr_count, 2);
	EXPECT_EQ(mailbox()->msrs[1].index, MSR_APIC_BASE);
	EXPECT_EQ(mailbox()->msrs[1].low, LAPIC_BASE | MSR_APIC_BASE_X2);
	smp_finish(&machine);
	EXPECT_EQ(fake_cpu_msr(MSR_APIC_BASE),
	          LAPIC_BASE | MSR_APIC_BASE_X2 | MSR_APIC_BASE_BSP);
	start(2);
	machine.cpus[1].id = 0x100;
	done_max = 1;
	smp_start(&machine);
	smp_finish(&machine);
	EXPECT_EQ(fake_cpu_msr_writes(), 0);
}

static void unknown_ones_are_asked(void)
{
	start(0);
	is_asked = true;
	come_each = 2;
	come_max = 6;
	/* What the page has of old does not count. */
	mailbox()->come_count = mailbox()->listed_count = 1000;
	EXPECT_EQ(smp_ask(MACHINE_HYPERVISOR_KVM), 6);
	EXPECT_EQ(fake_cpu.sleep_count, 3 + 25);
	EXPECT_EQ(sleep_ticks, 1000000);
	EXPECT_EQ(mailbox()->msr_count, 0);
	EXPECT_EQ(startup_count, 1);
	/* They must not be more than the list has room for. */
	start(0);
	is_asked = true;
	come_each = 100;
	come_max = UINT32_MAX;
	EXPECT_EQ(smp_ask(MACHINE_HYPERVISOR_KVM), SMP_LIST_MAX);
	EXPECT_EQ(fake_cpu.sleep_count, 1000);
	/* Without an APIC nobody can be asked. */
	start(0);
	fake_cpu_set_cpuid(1, 0, (struct cpuid){ 0 });
	EXPECT_EQ(smp_ask(MACHINE_HYPERVISOR_KVM), 0);
	EXPECT_EQ(startup_count, 0);
}

/* The list is closed behind those that are told of. */
static void who_comes_later_is_not_listed(void)
{
	start(0);
	is_asked = true;
	come_each = come_max = 1;
	EXPECT_EQ(smp_ask(MACHINE_HYPERVISOR_KVM), 1);
	EXPECT(mailbox()->come_count >= SMP_LIST_MAX);
	/* Nor is it opened again. */
	start(2);
	done_max = 1;
	smp_start(&machine);
	EXPECT(mailbox()->come_count >= SMP_LIST_MAX);
}

static void who_has_a_place_is_awaited(void)
{
	start(0);
	is_asked = true;
	come_each = come_max = 2;
	listed_from = 1500; /* 1,000 sleeps are the most for those who come */
	EXPECT_EQ(smp_ask(MACHINE_HYPERVISOR_KVM), 2);
	EXPECT_EQ(fake_cpu.sleep_count, 1501);
	start(0);
	is_asked = true;
	come_each = come_max = 2;
	listed_from = UINT32_MAX;
	EXPECT_PANIC("CPUs: 1 of 3 came up", smp_ask(MACHINE_HYPERVISOR_KVM));
}

/* One that is late may be programming registers while more are added. */
static void a_register_is_whole_before_it_counts(void)
{
	struct smp_mailbox *mail = mailbox();

	start(2);
	mail->msr_count = 0;
	smp_add_msr(mail, 0x2ff, 0x123456789abcdef0);
	EXPECT_EQ(mail->msr_count, 1);
	EXPECT_EQ(mail->msrs[0].index, 0x2ff);
	EXPECT_EQ(mail->msrs[0].low, 0x9abcdef0);
	EXPECT_EQ(mail->msrs[0].high, 0x12345678);
}

/* A busy host lets them run late, and CPUID tells that some are missing. */
static void those_that_come_late_are_not_lost(void)
{
	start(0);
	is_asked = true;
	come_each = come_max = 1;
	come_from = 499;
	fake_cpu_set_cpuid(1, 0,
	                   (struct cpuid){ .ebx = 0x020000, .edx = APIC });
	EXPECT_EQ(smp_ask(MACHINE_HYPERVISOR_KVM), 1);
	EXPECT_EQ(fake_cpu.sleep_count, 500 + 25);
	/* It need not be true. */
	start(0);
	is_asked = true;
	fake_cpu_set_cpuid(1, 0,
	                   (struct cpuid){ .ebx = 0x020000, .edx = APIC });
	EXPECT_EQ(smp_ask(MACHINE_HYPERVISOR_KVM), 0);
	EXPECT_EQ(fake_cpu.sleep_count, 500);
	start(0);
	is_asked = true;
	fake_cpu_set_cpuid(1, 0,
	                   (struct cpuid){ .ebx = 0x010000, .edx = APIC });
	EXPECT_EQ(smp_ask(MACHINE_HYPERVISOR_KVM), 0);
	EXPECT_EQ(fake_cpu.sleep_count, 25);
}

static void the_own_id_has_all_bits(void)
{
	start(1);
	fake_cpu_set_cpuid(1, 0, (struct cpuid){ .ebx = 0x07000000 });
	EXPECT_EQ(smp_own_id(), 7);
	fake_cpu_set_cpuid(0xb, 0, (struct cpuid){ .edx = 0x107 });
	EXPECT_EQ(smp_own_id(), 7);
	fake_cpu_set_cpuid(0xb, 0, (struct cpuid){ .ebx = 1, .edx = 0x107 });
	EXPECT_EQ(smp_own_id(), 0x107);
}

int main(void)
{
	if (!fake_ram_map(AP_TRAMPOLINE_BASE, LOW_RAM_END))
		return fake_ram_skip("test_smp");
	RUN(a_sleep_is_one_interrupt_of_the_apics_timer);
	RUN(one_alone_starts_nobody);
	RUN(all_start_at_once_and_are_awaited);
	RUN(one_that_does_not_come_panics);
	RUN(large_ids_need_x2apic_mode);
	RUN(unknown_ones_are_asked);
	RUN(who_comes_later_is_not_listed);
	RUN(who_has_a_place_is_awaited);
	RUN(a_register_is_whole_before_it_counts);
	RUN(those_that_come_late_are_not_lost);
	RUN(the_own_id_has_all_bits);
	return test_status();
}
