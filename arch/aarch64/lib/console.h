/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/aarch64/lib/console.h - the UART of machines that nobody described */
#ifndef ARCH_AARCH64_LIB_CONSOLE_H
#define ARCH_AARCH64_LIB_CONSOLE_H

/* Most VMMs have a PL011 here. It is used until a tree has been read. */
#define CONSOLE_GUESSED_BASE 0x09000000
#define CONSOLE_GUESSED_SIZE 0x1000

#endif
