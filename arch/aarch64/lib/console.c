/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/aarch64/lib/console.c - text on the machine's first UART */
#include "common/arch.h"

#include "arch/aarch64/lib/arm.h"
#include "arch/aarch64/cpu.h"

/* Arm DDI 0183, PrimeCell UART (PL011), chapter 3; SBSA's is a subset. */
#define PL011_DR      0x00
#define PL011_FR      0x18
#define PL011_CR      0x30
#define PL011_FR_FULL (1 << 5)
#define PL011_CR_ON   0x301 /* transmit, receive, enable */

/* National Semiconductor PC16550D, table "Summary of Registers". */
#define UART_LSR       5
#define UART_LSR_EMPTY 0x20

#define UART_WAIT_MAX  100000

/* What most VMMs have, for those whose FDT we cannot read. */
static const struct machine_uart guessed = {
	.kind = MACHINE_UART_PL011,
	.base = 0x09000000,
	.size = 0x1000,
};

static void put_pl011(const struct machine_uart *uart, char c)
{
	uint32_t wait = UART_WAIT_MAX;

	while (--wait && cpu_read32(uart->base + PL011_FR) & PL011_FR_FULL)
		;
	if (wait)
		cpu_write32(uart->base + PL011_DR, (uint8_t)c);
}

static void put_16550(const struct machine_uart *uart, char c)
{
	paddr_t lsr = uart->base + (UART_LSR << uart->reg_shift);
	uint32_t wait = UART_WAIT_MAX;

	while (--wait && !(cpu_read8(lsr) & UART_LSR_EMPTY))
		;
	if (wait)
		cpu_write8(uart->base, c);
}

void arch_console_putc(char c)
{
	struct boot *boot = arch_boot();
	const struct machine_uart *uart =
		boot->machine.uart_count ? boot->machine.uarts : &guessed;

	if (!boot->has_console) {
		boot->has_console = true;
		map_device(uart->base, uart->size);
		if (uart->kind == MACHINE_UART_PL011)
			cpu_write32(uart->base + PL011_CR, PL011_CR_ON);
	}
	if (uart->kind == MACHINE_UART_16550_MMIO)
		put_16550(uart, c);
	else
		put_pl011(uart, c);
}
