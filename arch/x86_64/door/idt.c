/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/door/idt.c - the interrupt descriptor table
 *
 * SDM 3A section 6.14.1.
 */
#include "arch/x86_64/door/idt.h"

#include "arch/x86_64/cpu.h"
#include "arch/x86_64/memmap.h"

#define GATE_INTERRUPT 0x8e00 /* present, a 64-bit interrupt gate */

/* A gate, SDM 3A figure 6-8. */
struct idt_gate {
	uint16_t offset_low;
	uint16_t selector;
	uint16_t attributes;
	uint16_t offset_middle;
	uint32_t offset_high;
	uint32_t reserved;
};

#define GATE_COUNT (TIMER_VECTOR + 1)

static_assert(IDT_BASE + GATE_COUNT * sizeof(struct idt_gate) <=
                      PAGE_NO_EXECUTE,
              "memmap.h");

void idt_load(void)
{
	struct idt_gate *gates = paddr_ptr(IDT_BASE);
	uint32_t stub = BLOB_VADDR + BLOB_EXCEPTIONS;

	for (uint32_t i = 0; i < GATE_COUNT; i++) {
		gates[i] = (struct idt_gate){
			.offset_low = stub,
			.selector = SELECTOR_CODE64,
			.attributes = GATE_INTERRUPT,
			.offset_middle = stub >> 16,
		};
		stub += BLOB_EXCEPTION_SIZE;
	}
	cpu_load_idt(gates, GATE_COUNT * sizeof(*gates));
}
