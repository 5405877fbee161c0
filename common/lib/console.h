/* SPDX-License-Identifier: BSD-2-Clause */
/* common/lib/console.h - text for whoever watches, the end of a failed boot */
#ifndef COMMON_LIB_CONSOLE_H
#define COMMON_LIB_CONSOLE_H

#include <stdarg.h>

#include "common/lib/compiler.h"

/*
 * Formats and prints. It knows %s %u %x %lu %lx %%, the flag # (which prints
 * 0x), and the flag 0 with a width, which zeros fill up.
 */
PRINTF(1, 2) void console_printf(const char *format, ...);

/*
 * Ends the boot because of bad input: prints "directboot: " and the message as
 * one line, then stops the machine as the bundle's on-error option says. The
 * message reads "object: what was found, and its bound".
 */
NORETURN PRINTF(1, 2) void panic(const char *format, ...);

/*
 * The same for a message of two parts, so that those which begin alike share
 * the beginning: panic_begin() prints that, and panic_end() the rest.
 */
PRINTF(1, 2) void panic_begin(const char *format, ...);
NORETURN PRINTF(1, 0) void panic_end(const char *format, va_list *arguments);

/* Ends the boot with "NAME: SIZE bytes at BASE: " before the message. */
NORETURN PRINTF(4, 5) void panic_range(const char *name, uint64_t size,
                                       paddr_t base, const char *format, ...);

/*
 * Ends the boot if `claim` is false, which is a bug of the blob. Prints the
 * claim.
 */
#define check(claim)                                                           \
	do {                                                                   \
		if (!(claim))                                                  \
			panic("bug: %s", #claim);                              \
	} while (0)

#endif
