/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/x86_64/lib/clock.h - the ACPI PM timer beside the TSC */
#ifndef ARCH_X86_64_LIB_CLOCK_H
#define ARCH_X86_64_LIB_CLOCK_H

#include "common/machine/machine.h"

#define PM_TIMER_OFFSET 8 /* from PM1_EVT, PIIX4 and ICH9 alike */

/* Tells whether there is a PM timer, by which Linux can measure others. */
static inline bool clock_has_pm_timer(const struct machine *machine)
{
	return machine->pc.pm.base && !machine->pc.pm.lacks_timer;
}

/* Reads the PM timer. The chipset's PM block answers already. */
struct machine_pm_moment clock_read_pm_timer(const struct machine_pm *pm);

#endif
