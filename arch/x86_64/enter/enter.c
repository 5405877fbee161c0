/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/x86_64/enter/enter.c - the CPUs are set up, and the kernel is entered */
#include "arch/x86_64/cpu.h"
#include "arch/x86_64/lib/mtrr.h"
#include "arch/x86_64/lib/smp.h"
#include "common/arch.h"
#include "common/place/guest.h"

void arch_start(const struct machine *machine)
{
	mtrr_setup(machine);
	smp_start(machine);
}

/* boot.rst, "64-bit BOOT PROTOCOL": RSI is the zero page. */
void arch_enter(struct machine *machine, const struct guest *guest,
                paddr_t description)
{
	smp_finish(machine);
	cpu_enter_kernel(guest->kernel.entry, description);
}
