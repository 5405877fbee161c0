/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/lib/smp.c - runs the other processors once, all at the same time
 *
 * SDM 3A, "MP Initialization". The processors are started as soon as they are
 * known, and awaited when all else is done. In between they have the time that
 * loading the kernel takes. If nobody tells which processors there are, they
 * are asked first.
 */
#include "arch/x86_64/lib/smp.h"

#include "arch/x86_64/cpu.h"
#include "arch/x86_64/lib/lapic.h"
#include "arch/x86_64/lib/timer.h"
#include "common/lib/console.h"
#include "common/spec/acpi.h"
#include "common/lib/string.h"

/* Each sleep lets a VMM run the others, which need few instructions. */
#define FINISH_SLEEP_TICKS 100000
#define FINISH_SLEEP_MAX   20000

/*
 * If nobody tells how many processors there are, the boot waits until no new
 * one has come for 25 sleeps, which are 50 ms if the APIC's clock is 1 GHz. A
 * busy host lets them come later. So as long as fewer have come than CPUID says
 * that a package has, the boot waits 20 times as long; and 40 times at most.
 */
#define ASK_SLEEP_TICKS  1000000
#define ASK_QUIET_MAX    25
#define ASK_MISSING_MAX  500
#define ASK_SLEEP_MAX    1000

#define INIT_SLEEP_TICKS 10000

extern HIDDEN const uint8_t smp_ap_begin[], smp_ap_end[];

/*
 * Makes all other processors run the code from `begin` on, at once. KVM and
 * QEMU remember both IPIs. Bochs forgets the second IPI while a CPU has not
 * handled the first. The first one stops what runs in the trampoline's page.
 */
static void start(enum machine_hypervisor hypervisor, const uint8_t *begin,
                  const uint8_t *end)
{
	cpu_write32(LAPIC_BASE + LAPIC_ICR_LOW, LAPIC_ICR_INIT);
	memcpy(paddr_ptr(AP_TRAMPOLINE_BASE), begin, end - begin);
	if (hypervisor == MACHINE_HYPERVISOR_NONE)
		timer_sleep(INIT_SLEEP_TICKS);
	cpu_write32(LAPIC_BASE + LAPIC_ICR_LOW,
	            LAPIC_ICR_STARTUP | AP_TRAMPOLINE_BASE >> 12);
}

/* CPUID leaf 0BH has all 32 bits of the ID, leaf 1 only 8. */
uint32_t smp_own_id(void)
{
	struct cpuid id;

	if (cpu_cpuid(0, 0).eax >= 0xb) {
		id = cpu_cpuid(0xb, 0);
		if (id.ebx & 0xffff)
			return id.edx;
	}
	return cpu_cpuid(1, 0).ebx >> 24;
}

static uint32_t quiet_max(uint32_t count, uint32_t in_package)
{
	return count < in_package ? ASK_MISSING_MAX : ASK_QUIET_MAX;
}

/* Waits until so many of them have counted themselves, or ends the boot. */
static void await_others(const volatile uint32_t *counted, uint32_t count)
{
	for (uint32_t i = 0; i < FINISH_SLEEP_MAX && *counted != count; i++)
		timer_sleep(FINISH_SLEEP_TICKS);
	if (*counted != count)
		panic("CPUs: %u of %u came up", *counted + 1, count + 1);
}

/*
 * Closes the list, and waits for those who have a place in it: one of them may
 * have been stopped by its host before it has filled in its ID.
 */
static uint32_t close_list(volatile struct smp_mailbox *mailbox)
{
	uint32_t count = __atomic_exchange_n(&mailbox->come_count, SMP_LIST_MAX,
	                                     __ATOMIC_SEQ_CST);

	count = min_u64(count, SMP_LIST_MAX);
	await_others(&mailbox->listed_count, count);
	return count;
}

uint32_t smp_ask(enum machine_hypervisor hypervisor)
{
	volatile struct smp_mailbox *mailbox = paddr_ptr(SMP_MAILBOX_BASE);
	struct cpuid own = cpu_cpuid(1, 0);
	uint32_t in_package = own.ebx >> 16 & 0xff; /* SDM 2A, CPUID */
	uint32_t quiet = 0, last = 0;

	if (!(own.edx & CPUID_1_EDX_APIC))
		return 0;
	mailbox->msr_count = 0;
	mailbox->come_count = 0;
	mailbox->listed_count = 0;
	start(hypervisor, smp_ap_begin, smp_ap_end);
	for (uint32_t i = 0;
	     i < ASK_SLEEP_MAX && quiet < quiet_max(last + 1, in_package);
	     i++) {
		timer_sleep(ASK_SLEEP_TICKS);
		quiet = mailbox->listed_count == last ? quiet + 1 : 0;
		last = mailbox->come_count;
	}
	return close_list(mailbox);
}

static bool is_needed(const struct machine *machine)
{
	const struct smp_mailbox *mailbox = paddr_ptr(SMP_MAILBOX_BASE);

	return machine->cpu_count > 1 && mailbox->msr_count;
}

/*
 * Linux accepts processors with APIC IDs beyond 8 bits only if it finds its own
 * APIC in x2APIC mode. The IDs rise with the index.
 */
static bool needs_x2apic(const struct machine *machine)
{
	return machine->cpus[machine->cpu_count - 1].id > ACPI_MADT_LAPIC_MAX &&
	       machine->pc.has_x2apic;
}

void smp_run(const struct machine *machine, const uint8_t *begin,
             const uint8_t *end)
{
	struct smp_mailbox *mailbox = paddr_ptr(SMP_MAILBOX_BASE);

	mailbox->done_count = 0;
	mailbox->come_count = SMP_LIST_MAX;
	start(machine->hypervisor, begin, end);
}

void smp_start(const struct machine *machine)
{
	struct smp_mailbox *mailbox = paddr_ptr(SMP_MAILBOX_BASE);

	if (machine->cpu_count == 1)
		return;
	if (needs_x2apic(machine))
		smp_add_msr(mailbox, MSR_APIC_BASE,
		            machine->pc.lapic_paddr | MSR_APIC_BASE_X2);
	if (mailbox->msr_count)
		smp_run(machine, smp_ap_begin, smp_ap_end);
}

void smp_await(const struct machine *machine)
{
	const volatile struct smp_mailbox *mailbox =
		paddr_ptr(SMP_MAILBOX_BASE);

	await_others(&mailbox->done_count, machine->cpu_count - 1);
}

void smp_finish(const struct machine *machine)
{
	if (!is_needed(machine))
		return;
	smp_await(machine);
	/* In x2APIC mode the registers that timer_sleep() uses are gone. */
	if (needs_x2apic(machine))
		cpu_wrmsr(MSR_APIC_BASE, machine->pc.lapic_paddr |
		                                 MSR_APIC_BASE_X2 |
		                                 MSR_APIC_BASE_BSP);
}
