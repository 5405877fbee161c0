/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/aarch64/paravisor/start.c - what a paravisor's kernel has measured */
#include "common/arch.h"

/* The architecture has a timer, and tells its frequency. */
void arch_paravisor_start(struct machine *machine)
{
	(void)machine;
}
