/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/x86_64/paravisor/start.c - what a paravisor's kernel has measured */
#include "arch/x86_64/lib/tsc.h"
#include "common/arch.h"

/* The kernel may have to do without ACPI, hence without a PM timer. */
void arch_paravisor_start(struct machine *machine)
{
	tsc_measure(machine);
}
