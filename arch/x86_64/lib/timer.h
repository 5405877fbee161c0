/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/x86_64/lib/timer.h - short sleeps by the local APIC */
#ifndef ARCH_X86_64_LIB_TIMER_H
#define ARCH_X86_64_LIB_TIMER_H

#include "common/lib/compiler.h"

/*
 * Halts for so many ticks of the APIC's clock (1 ns under QEMU's TCG). Without
 * an APIC, which CPUID tells, nothing would end it.
 */
void timer_sleep(uint32_t lapic_ticks);

#endif
