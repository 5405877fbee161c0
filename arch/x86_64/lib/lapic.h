/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/lib/lapic.h - registers of the local APIC, from its base on
 *
 * SDM 3A, table "Local APIC Register Address Map".
 */
#ifndef ARCH_X86_64_LIB_LAPIC_H
#define ARCH_X86_64_LIB_LAPIC_H

#define CPUID_1_EDX_APIC     (1 << 9)

#define MSR_APIC_BASE        0x1b
#define MSR_APIC_BASE_BSP    (1 << 8)
#define MSR_APIC_BASE_X2     0xc00ULL /* enabled, in x2APIC mode */
#define MSR_APIC_BASE_ENABLE 0x800ULL

#define LAPIC_EOI            0x0b0
#define LAPIC_SVR            0x0f0
#define LAPIC_ICR_LOW        0x300
#define LAPIC_ICR_HIGH       0x310
#define LAPIC_LVT_TIMER      0x320
#define LAPIC_LVT_LINT0      0x350
#define LAPIC_TIMER_INITIAL  0x380 /* after a reset it counts bus clocks / 2 */

#define LAPIC_SVR_ENABLE     0x1ff
#define LAPIC_ICR_CPU_SHIFT  24 /* of an APIC ID in ICR_HIGH */
#define LAPIC_LVT_EXTINT     0x700

/* These IPIs go to all processors but the sender. */
#define LAPIC_ICR_INIT    0x000c4500
#define LAPIC_ICR_STARTUP 0x000c4600 /* or it with the code's page number */

#endif
