/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/lib/console.c - text on COM1 and on the VMM's debug consoles,
 * whatever UARTs struct machine has
 */
#include "arch/x86_64/cpu.h"
#include "arch/x86_64/lib/global.h"
#include "common/arch.h"
#include "common/spec/uart.h"

#define COM1          0x3f8
#define UART_WAIT_MAX 100000

/* Each debug console reads back E9 where it exists. */
#define DEBUGCON_QEMU  0x402
#define DEBUGCON_BOCHS 0xe9
#define DEBUGCON_ID    0xe9

/* Sets up 115200 baud, 8N1. A VMM does not care, but a real line does. */
static void uart_start(void)
{
	cpu_outb(COM1 + UART_16550_LCR,
	         UART_16550_LCR_8N1 | UART_16550_LCR_DLAB);
	cpu_outb(COM1 + UART_16550_DIVISOR_LOW, 1);
	cpu_outb(COM1 + UART_16550_DIVISOR_HIGH, 0);
	cpu_outb(COM1 + UART_16550_LCR, UART_16550_LCR_8N1);
	cpu_outb(COM1 + UART_16550_FCR, UART_16550_FCR_ENABLE);
	cpu_outb(COM1 + UART_16550_IER, 0);
}

/*
 * Waits until the UART takes a character. One that has not done so in all that
 * time is asked only once for each further character.
 */
static bool uart_wait(struct boot *boot)
{
	do {
		uint8_t status = cpu_inb(COM1 + UART_16550_LSR);

		if (status == UART_16550_LSR_NOBODY)
			return false;
		if (status & UART_16550_LSR_EMPTY) {
			boot->uart_waits = 0;
			return true;
		}
	} while (boot->uart_waits++ < UART_WAIT_MAX);
	return false;
}

void arch_console_putc(char c)
{
	struct boot *boot = global_boot();

	if (!boot->has_console) {
		boot->has_console = true;
		uart_start();
	}
	if (uart_wait(boot))
		cpu_outb(COM1 + UART_16550_DATA, c);
	if (cpu_inb(DEBUGCON_QEMU) == DEBUGCON_ID)
		cpu_outb(DEBUGCON_QEMU, c);
	if (cpu_inb(DEBUGCON_BOCHS) == DEBUGCON_ID)
		cpu_outb(DEBUGCON_BOCHS, c);
}
