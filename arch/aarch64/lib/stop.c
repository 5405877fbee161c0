/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/aarch64/lib/stop.c - ends a boot that failed
 *
 * A fault in this code must not loop: the second call of arch_stop() halts.
 */
#include "arch/aarch64/lib/global.h"
#include "common/arch.h"

/* Arm DEN0022, chapter 5, has the numbers of PSCI functions. */
#define PSCI_SYSTEM_OFF   0x84000008
#define PSCI_SYSTEM_RESET 0x84000009

void arch_stop(void)
{
	struct boot *boot = global_boot();
	const struct machine_arm *arm = &boot->machine.arm;
	enum payload_on_error on_error = boot->payload.options.on_error;

	if (boot->is_stopping)
		cpu_halt();
	boot->is_stopping = true;
	if (arm->has_psci && on_error == PAYLOAD_ON_ERROR_POWEROFF)
		cpu_psci(PSCI_SYSTEM_OFF, arm->psci_is_hvc);
	else if (arm->has_psci && on_error == PAYLOAD_ON_ERROR_RESET)
		cpu_psci(PSCI_SYSTEM_RESET, arm->psci_is_hvc);
	cpu_halt();
}

void arch_begin_refusal(void)
{
	struct boot *boot = global_boot();

	if (boot->is_refusing)
		arch_stop();
	boot->is_refusing = true;
}
