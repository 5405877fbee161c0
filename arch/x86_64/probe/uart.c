/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/x86_64/probe/uart.c - the serial ports: who answers, by 16550 registers
 */
#include "arch/x86_64/probe/uart.h"

#include "arch/x86_64/cpu.h"
#include "common/spec/uart.h"

/*
 * A VMM's AML may list so many, few of which answer. Each is an exit to the
 * VMM, and 4 MiB of AML have room for 400,000.
 */
#define ASK_MAX 16

/* If all bits of a UART's line status read as set, there is no UART. */
void uart_probe(struct machine *machine, uint16_t base, uint32_t irq)
{
	uint32_t count = machine->uart_count;

	if (count == MACHINE_UART_MAX || !count != (base == UART_COM1) ||
	    machine->pc.uart_ask_count++ >= ASK_MAX ||
	    cpu_inb(base + UART_16550_LSR) == UART_16550_LSR_NOBODY)
		return;
	machine->uarts[machine->uart_count++] = (struct machine_uart){
		.kind = MACHINE_UART_16550_PORT,
		.base = base,
		.size = 8,
		.gsi = irq,
		.clock_hz = 1843200,
		.baud = 115200,
		.is_edge = true,
	};
}
