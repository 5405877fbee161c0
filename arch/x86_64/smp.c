/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/smp.c - runs the other processors once, all at the same time
 *
 * Started as soon as they are known and looked after when all else is done:
 * in between they had the time that loading the kernel took.
 */
#include "arch/x86_64/smp.h"

#include "arch/x86_64/cpu.h"
#include "arch/x86_64/lapic.h"
#include "arch/x86_64/x86.h"
#include "common/console.h"
#include "common/spec/acpi.h"
#include "common/string.h"

/* Each sleep lets a VMM run the others; they need but a few instructions. */
#define FINISH_SLEEP_TICKS 100000
#define FINISH_SLEEP_MAX   20000

#define CPUID_1_ECX_X2APIC (1 << 21)

extern HIDDEN const uint8_t smp_ap_begin[], smp_ap_end[];

static bool is_needed(const struct machine *machine)
{
	const struct smp_mailbox *mailbox = paddr_ptr(SMP_MAILBOX_BASE);

	return machine->cpu_count > 1 && mailbox->msr_count;
}

/*
 * Linux takes processors with APIC IDs beyond 8 bits only when it finds its
 * own APIC in x2APIC mode already. IDs rise with the index.
 */
static bool needs_x2apic(const struct machine *machine)
{
	return machine->cpus[machine->cpu_count - 1].id > ACPI_MADT_LAPIC_MAX &&
	       cpu_cpuid(1, 0).ecx & CPUID_1_ECX_X2APIC;
}

void smp_start(const struct machine *machine)
{
	struct smp_mailbox *mailbox = paddr_ptr(SMP_MAILBOX_BASE);

	if (needs_x2apic(machine))
		mailbox->msrs[mailbox->msr_count++] = (struct smp_msr){
			.index = MSR_APIC_BASE,
			.low = (uint32_t)machine->pc.lapic_paddr |
			       MSR_APIC_BASE_X2,
		};
	if (!is_needed(machine))
		return;
	mailbox->done_count = 0;
	memcpy(paddr_ptr(AP_TRAMPOLINE_BASE), smp_ap_begin,
	       smp_ap_end - smp_ap_begin);
	cpu_write32(machine->pc.lapic_paddr + LAPIC_ICR_LOW, LAPIC_ICR_INIT);
	cpu_write32(machine->pc.lapic_paddr + LAPIC_ICR_LOW,
	            LAPIC_ICR_STARTUP | AP_TRAMPOLINE_BASE >> 12);
}

void smp_finish(const struct machine *machine)
{
	const volatile struct smp_mailbox *mailbox =
		paddr_ptr(SMP_MAILBOX_BASE);

	if (!is_needed(machine))
		return;
	for (uint32_t i = 0; i < FINISH_SLEEP_MAX; i++) {
		if (mailbox->done_count == machine->cpu_count - 1)
			break;
		timer_sleep(FINISH_SLEEP_TICKS);
	}
	if (mailbox->done_count != machine->cpu_count - 1)
		panic("CPUs: %u of %u came up", mailbox->done_count + 1,
		      machine->cpu_count);
	/* The registers that timer_sleep() uses are gone then. */
	if (needs_x2apic(machine))
		cpu_wrmsr(MSR_APIC_BASE, machine->pc.lapic_paddr |
		                                 MSR_APIC_BASE_X2 |
		                                 MSR_APIC_BASE_BSP);
}
