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

#define UART_WAIT_MAX 100000 /* reads of the status */

static bool is_ready(const struct machine_uart *uart)
{
	paddr_t lsr = uart->base + (UART_16550_LSR << uart->reg_shift);

	if (uart->kind == MACHINE_UART_16550_MMIO)
		return cpu_read8(lsr) & UART_16550_LSR_EMPTY;
	return !(cpu_read32(uart->base + PL011_FR) & PL011_FR_FULL);
}

/*
 * Waits until the UART takes a character. One that has not done so in all that
 * time is asked only once for each further character.
 */
static bool uart_wait(struct boot *boot, const struct machine_uart *uart)
{
	do {
		if (is_ready(uart)) {
			boot->uart_waits = 0;
			return true;
		}
	} while (boot->uart_waits++ < UART_WAIT_MAX);
	return false;
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

	/* There are no ports here. */
	if (!uart || uart->kind == MACHINE_UART_16550_PORT)
		return;
	if (!boot->has_console && uart->kind == MACHINE_UART_PL011)
		cpu_write32(uart->base + PL011_CR, PL011_CR_ON);
	boot->has_console = true;
	if (!uart_wait(boot, uart))
		return;
	if (uart->kind == MACHINE_UART_16550_MMIO)
		cpu_write8(uart->base, c);
	else
		cpu_write32(uart->base + PL011_DR, (uint8_t)c);
}
