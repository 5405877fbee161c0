/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/unit/fake_cpu.h - what the processor of a test is and does
 *
 * Until a test says otherwise, it has no CPUID leaf, every MSR is 0, and no
 * port or register answers.
 */
#ifndef TESTS_UNIT_FAKE_CPU_H
#define TESTS_UNIT_FAKE_CPU_H

#include "arch/x86_64/cpu.h"

#define FAKE_OUT_MAX 64

struct fake_cpu {
	uint64_t tsc;
	uint64_t tsc_step;    /* Each read advances it by this. */
	uint64_t sleep_ticks; /* An interrupt advances it by this. */
	uint32_t sleep_count;
	uint32_t pause_count;
	uint32_t cpuid_count; /* each is an exit to a VMM */
	bool lacks_sha_ni;    /* whatever the real one has */
	bool has_random;
	uint64_t random;
	uint32_t random_failures; /* so many times it has none at first */
	uint32_t random_count;    /* how often it was asked */
	paddr_t cr3;
	uint32_t cr3_writes;
	uint64_t cr4;
	uint32_t cr4_writes;
	uint64_t cr4_set; /* all bits that any write has set */
	const void *idt;
	uint16_t idt_size;
	const void *gdt;
	uint16_t gdt_size;
	uint16_t tss;

	/* If these are NULL, reads give all ones. Sizes are in bytes. */
	uint32_t (*in)(uint16_t port, uint32_t size);
	void (*out)(uint16_t port, uint32_t size, uint32_t value);
	uint32_t (*read)(paddr_t paddr, uint32_t size);
	void (*write)(paddr_t paddr, uint32_t size, uint32_t value);

	/* These are the first writes to ports. */
	uint32_t out_count;
	struct fake_out {
		uint16_t port;
		uint32_t size;
		uint32_t value;
	} outs[FAKE_OUT_MAX];
};

extern struct fake_cpu fake_cpu;

void fake_cpu_clear(void);

/* Adds a leaf. CPUID.0:EAX and CPUID.80000000:EAX then cover it. */
void fake_cpu_set_cpuid(uint32_t leaf, uint32_t subleaf, struct cpuid id);

void fake_cpu_set_msr(uint32_t msr, uint64_t value);
uint64_t fake_cpu_msr(uint32_t msr);
uint32_t fake_cpu_msr_writes(void);

/* Tells whether that value was written to that port. */
bool fake_cpu_has_out(uint16_t port, uint32_t size, uint32_t value);

#endif
