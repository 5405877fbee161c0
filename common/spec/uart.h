/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/spec/uart.h - registers of UARTs
 *
 * National Semiconductor PC16550D, table "Summary of Registers".
 */
#ifndef COMMON_SPEC_UART_H
#define COMMON_SPEC_UART_H

enum uart_16550 {
	UART_16550_DATA = 0,
	UART_16550_DIVISOR_LOW = 0, /* this and the next, while DLAB is set */
	UART_16550_DIVISOR_HIGH = 1,
	UART_16550_IER = 1,
	UART_16550_FCR = 2,
	UART_16550_LCR = 3,
	UART_16550_LSR = 5,
};

#define UART_16550_FCR_ENABLE 0x01 /* turns on the FIFOs */
#define UART_16550_LCR_8N1    0x03
#define UART_16550_LCR_DLAB   0x80
#define UART_16550_LSR_EMPTY  0x20 /* the transmitter is empty */
#define UART_16550_LSR_NOBODY 0xff /* what a missing UART reads as */

#endif
