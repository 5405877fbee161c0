/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/x86_64/probe/uart.h - the serial ports */
#ifndef ARCH_X86_64_PROBE_UART_H
#define ARCH_X86_64_PROBE_UART_H

#include "common/machine/machine.h"

#define UART_COM1 0x3f8

/*
 * Adds the UART at these ports, if one answers and is not known yet. The first
 * one is COM1, the console; without it there is none.
 */
void uart_probe(struct machine *machine, uint16_t base, uint32_t irq);

#endif
