/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/x86_64/lib/tsc.h - the TSC's frequency, where Linux cannot find it */
#ifndef ARCH_X86_64_LIB_TSC_H
#define ARCH_X86_64_LIB_TSC_H

#include "common/machine/machine.h"

/* Asks CPUID or starts to measure, unless Linux asks the hypervisor. */
void tsc_measure(struct machine *machine);

/* Does so if the machine is of that kind. */
void tsc_start(struct machine *machine);

/* Returns the frequency in kHz, or 0 if Linux finds it itself. */
uint32_t tsc_khz(const struct machine *machine);

#endif
