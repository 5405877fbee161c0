/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/door/idt.c - the interrupt descriptor table
 *
 * SDM 3A section 6.14.1. An exception gets a stack of its own, since the stack
 * may be what was wrong: section 6.14.5. For that the CPU wants a TSS, whose
 * descriptor it writes, so the blob's descriptors are copied to RAM.
 */
#include "arch/x86_64/door/idt.h"

#include "arch/x86_64/cpu.h"
#include "arch/x86_64/memmap.h"
#include "common/lib/string.h"

#define GATE_INTERRUPT  0x8e00 /* present, a 64-bit interrupt gate */
#define GATE_STACK1     0x0001 /* on the first stack of the TSS */
#define EXCEPTION_STACK (SCRATCH_BASE + SCRATCH_SIZE)

/* SDM 3A figure 7-11: the 64-bit TSS, and where it has its first stack. */
#define TSS_SIZE  104
#define TSS_STACK 36
/* SDM 3A figure 7-4: present, a TSS that is not in use. */
#define TSS_DESCRIPTOR                                                         \
	(0x890000000000 | (uint64_t)(TSS_BASE) << 16 | (TSS_SIZE - 1))

/* A gate, SDM 3A figure 6-8. */
struct idt_gate {
	uint16_t offset_low;
	uint16_t selector;
	uint16_t attributes;
	uint16_t offset_middle;
	uint32_t offset_high;
	uint32_t reserved;
};

/* The blob's descriptors, reset.S; a TSS's takes two words. */
extern const uint64_t gdt[SELECTOR_TSS / sizeof(uint64_t)];

struct gdt_copy {
	uint64_t segments[SELECTOR_TSS / sizeof(uint64_t)];
	uint64_t tss[2];
};

#define GATE_COUNT (TIMER_VECTOR + 1)

static_assert(IDT_BASE + GATE_COUNT * sizeof(struct idt_gate) <= GDT_BASE,
              "memmap.h");
static_assert(GDT_BASE + sizeof(struct gdt_copy) <= TSS_BASE, "memmap.h");
static_assert(TSS_BASE + TSS_SIZE <= PAGE_NO_EXECUTE, "memmap.h");
static_assert(TSS_BASE >> 24 == 0, "TSS_DESCRIPTOR has 24 bits of it");

static void load_exception_stack(void)
{
	struct gdt_copy *copy = paddr_ptr(GDT_BASE);
	uint64_t *stack = paddr_ptr(TSS_BASE + TSS_STACK);

	memcpy(copy->segments, gdt, sizeof(copy->segments));
	copy->tss[0] = TSS_DESCRIPTOR;
	copy->tss[1] = 0;
	*stack = EXCEPTION_STACK;
	cpu_load_gdt(copy, sizeof(*copy), SELECTOR_TSS);
}

void idt_load(void)
{
	struct idt_gate *gates = paddr_ptr(IDT_BASE);
	uint32_t stub = BLOB_VADDR + BLOB_EXCEPTIONS;

	load_exception_stack();
	for (uint32_t i = 0; i < GATE_COUNT; i++) {
		gates[i] = (struct idt_gate){
			.offset_low = stub,
			.selector = SELECTOR_CODE64,
			.attributes = GATE_INTERRUPT |
			              (i < TIMER_VECTOR ? GATE_STACK1 : 0),
			.offset_middle = stub >> 16,
		};
		stub += BLOB_EXCEPTION_SIZE;
	}
	cpu_load_idt(gates, GATE_COUNT * sizeof(*gates));
}
