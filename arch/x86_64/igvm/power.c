/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/igvm/power.c - Hyper-V's PM block, by trial
 *
 * Hyper-V's machines of generation 2, and OpenVMM's, have it at fixed ports. It
 * is of PIIX4's kind (ACPI 6.4 section 4.8.3), with a PM timer of 32 bits and a
 * register that resets the machine. The FADT of their own firmware tells of it;
 * of the tables that these hosts put into an IGVM file, none does. What
 * distinguishes it is that its timer counts; reading that changes nothing.
 */
#include "arch/x86_64/igvm/power.h"

#include "arch/x86_64/cpu.h"
#include "arch/x86_64/lib/clock.h"

#define PM_BASE   0x400
#define PM1_CNT   (PM_BASE + 4)
#define GPE0_BASE (PM_BASE + 12)
#define RESET     (PM_BASE + 51)
#define SCI_IRQ   9

/* A count takes 279 ns, so one exit to a VMM may be too short for it. */
#define TIMER_TRIES 16

static bool timer_counts(void)
{
	uint32_t first = cpu_inl(PM_BASE + PM_TIMER_OFFSET);

	for (uint32_t i = 0; i < TIMER_TRIES; i++) {
		if (cpu_inl(PM_BASE + PM_TIMER_OFFSET) != first)
			return true;
	}
	return false;
}

void power_probe(struct machine *machine)
{
	struct machine_pm *pm = &machine->pc.pm;

	if (machine->platform != MACHINE_PLATFORM_BARE || !timer_counts())
		return;
	pm->base = PM_BASE;
	pm->gpe0_base = GPE0_BASE;
	pm->gpe0_size = 4;
	pm->sci_irq = SCI_IRQ;
	pm->has_32_bit_timer = true;
	pm->lacks_power_button = true;
	machine->power_off.space = MACHINE_SPACE_PORT;
	machine->power_off.size = 2;
	machine->power_off.address = PM1_CNT;
	machine->power_off.value = 0x2000; /* SLP_EN, SLP_TYP 0 */
	machine->reset.space = MACHINE_SPACE_PORT;
	machine->reset.size = 1;
	machine->reset.address = RESET;
	machine->reset.value = 1;
}
