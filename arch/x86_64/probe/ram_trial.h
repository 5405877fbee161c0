/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/x86_64/probe/ram_trial.h - RAM of which nobody tells */
#ifndef ARCH_X86_64_PROBE_RAM_TRIAL_H
#define ARCH_X86_64_PROBE_RAM_TRIAL_H

#include "common/machine/machine.h"

/* Finds RAM by CMOS, else by writing to it. */
void ram_try(struct machine *machine);

#endif
