/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/aarch64/lib/console.c - writes text to the machine's first UART
 *
 * This code maps nothing, because mapping may panic, and a panic prints. The
 * probe maps the UART before it is used.
 */
#include "arch/aarch64/lib/console.h"

#include "arch/aarch64/lib/global.h"
#include "common/arch.h"
#include "common/spec/uart.h"

/* Arm DDI 0183, PrimeCell UART (PL011), chapter 3. SBSA's UART is a subset. */
#define PL011_DR      0x00
#define PL011_FR      0x18
#define PL011_CR      0x30
#define PL011_FR_FULL (1 << 5)
#define PL011_CR_ON   0x301 /* transmit, receive, enable */

#define UART_WAIT_MAX 100000 /* reads of the status; then `c` is dropped */

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
	paddr_t lsr = uart->base + (UART_16550_LSR << uart->reg_shift);
	uint32_t wait = UART_WAIT_MAX;

	while (--wait && !(cpu_read8(lsr) & UART_16550_LSR_EMPTY))
		;
	if (wait)
		cpu_write8(uart->base, c);
}

/*
 * Before a tree has been read, this guesses a PL011. If the tree names no UART,
 * the result is NULL and the console stays silent.
 */
static const struct machine_uart *find_uart(const struct machine *machine)
{
	static const struct machine_uart guessed = {
		.kind = MACHINE_UART_PL011,
		.base = CONSOLE_GUESSED_BASE,
		.size = CONSOLE_GUESSED_SIZE,
	};

	if (machine->uart_count)
		return &machine->uarts[0];
	return machine->platform == MACHINE_PLATFORM_NONE ? &guessed : NULL;
}

void arch_console_putc(char c)
{
	struct boot *boot = global_boot();
	const struct machine_uart *uart = find_uart(&boot->machine);

	if (!uart)
		return;
	if (!boot->has_console && uart->kind == MACHINE_UART_PL011)
		cpu_write32(uart->base + PL011_CR, PL011_CR_ON);
	boot->has_console = true;
	switch (uart->kind) {
	case MACHINE_UART_PL011:
	case MACHINE_UART_SBSA:
		put_pl011(uart, c);
		break;
	case MACHINE_UART_16550_MMIO:
		put_16550(uart, c);
		break;
	case MACHINE_UART_16550_PORT: /* there are no ports here */
	case MACHINE_UART_NONE:
		break;
	}
}
