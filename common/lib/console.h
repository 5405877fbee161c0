/* SPDX-License-Identifier: BSD-2-Clause */
/* common/lib/console.h - text to whoever watches, and the end of a failed boot
 */
#ifndef COMMON_LIB_CONSOLE_H
#define COMMON_LIB_CONSOLE_H

#include "common/lib/compiler.h"

/*
 * Formats and prints. Knows %s %c %u %x %lu %lx %%, the flag # (0x) and a
 * width, padded with zeros if it starts with 0 and with spaces otherwise.
 */
PRINTF(1, 2) void console_printf(const char *format, ...);

/*
 * Refuses to go on: prints "directboot: " and the message as one line, then
 * stops the machine as the bundle's on-error option says. For input; the
 * message reads "object: what was found, and its bound".
 */
NORETURN PRINTF(1, 2) void panic(const char *format, ...);

/* Refuses to go on after an error of our own: names the broken claim. */
#define check(claim)                                                           \
	do {                                                                   \
		if (!(claim))                                                  \
			panic("bug: %s", #claim);                              \
	} while (0)

#endif
