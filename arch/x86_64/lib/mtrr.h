/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/lib/mtrr.h - memory types, the same on all processors
 *
 * SDM 3A, "Memory Type Range Registers".
 */
#ifndef ARCH_X86_64_LIB_MTRR_H
#define ARCH_X86_64_LIB_MTRR_H

#include "common/machine/machine.h"

/* Restores the state after a reset, if another firmware ran before. */
void mtrr_reset(void);

/*
 * Sets the boot CPU's MTRRs, and leaves them in the mailbox for the others
 * (smp.h).
 */
void mtrr_setup(const struct machine *machine);

#endif
