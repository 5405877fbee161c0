/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/x86_64/lib/timer.c - short sleeps, SDM 3A, "APIC Timer" */
#include "arch/x86_64/lib/timer.h"

#include "arch/x86_64/cpu.h"
#include "arch/x86_64/lib/lapic.h"
#include "arch/x86_64/memmap.h"

#define PIC1_MASK 0x21 /* the second 8259 reaches the CPU through the first */

/* Nothing but the timer may interrupt, since only that has a handler. */
void timer_sleep(uint32_t lapic_ticks)
{
	cpu_outb(PIC1_MASK, 0xff);
	cpu_write32(LAPIC_BASE + LAPIC_SVR, LAPIC_SVR_ENABLE);
	cpu_write32(LAPIC_BASE + LAPIC_LVT_TIMER, TIMER_VECTOR);
	cpu_write32(LAPIC_BASE + LAPIC_TIMER_INITIAL, lapic_ticks);
	cpu_wait_interrupt();
}
