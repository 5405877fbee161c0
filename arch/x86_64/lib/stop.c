/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/x86_64/lib/stop.c - the end of a failed boot */
#include "arch/x86_64/cpu.h"
#include "arch/x86_64/lib/global.h"
#include "common/arch.h"

/*
 * QEMU's isa-debug-exit at its usual and its default port. QEMU's status
 * becomes 2 * value + 1.
 */
#define DEBUG_EXIT         0xf4
#define DEBUG_EXIT_DEFAULT 0x501
#define DEBUG_EXIT_VALUE   0x31

/* Writes a register. The probe that found it has mapped it, if need be. */
static void write_register(const struct machine_register *target)
{
	if (target->space == MACHINE_SPACE_MMIO)
		cpu_write8(target->address, target->value);
	else if (target->space == MACHINE_SPACE_PORT && target->size == 2)
		cpu_outw(target->address, target->value);
	else if (target->space == MACHINE_SPACE_PORT)
		cpu_outb(target->address, target->value);
}

void arch_stop(void)
{
	struct boot *boot = global_boot();
	enum payload_on_error on_error = boot->payload.options.on_error;

	cpu_outb(DEBUG_EXIT, DEBUG_EXIT_VALUE);
	cpu_outb(DEBUG_EXIT_DEFAULT, DEBUG_EXIT_VALUE);
	if (boot->is_stopping)
		cpu_halt();
	boot->is_stopping = true;
	if (on_error == PAYLOAD_ON_ERROR_POWEROFF)
		write_register(&boot->machine.power_off);
	if (on_error == PAYLOAD_ON_ERROR_RESET) {
		write_register(&boot->machine.reset);
		cpu_triple_fault(); /* every machine has this */
	}
	cpu_halt();
}

void arch_begin_refusal(void)
{
	struct boot *boot = global_boot();

	if (boot->is_refusing)
		arch_stop();
	boot->is_refusing = true;
}
