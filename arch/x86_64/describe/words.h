/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/x86_64/describe/words.h - what only the command line can tell */
#ifndef ARCH_X86_64_DESCRIBE_WORDS_H
#define ARCH_X86_64_DESCRIBE_WORDS_H

#include "common/machine/machine.h"
#include "common/place/guest.h"

/*
 * Appends tsc_early_khz= if the TSC was measured, and the devices that the VMM
 * named (machine.pc.named), unless they are in the line already. Each word is
 * made anew from numbers, so none of the VMM's text gets into the line.
 */
void words_add(struct cmdline *cmdline, const struct machine *machine);

#endif
