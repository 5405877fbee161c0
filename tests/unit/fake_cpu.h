/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/unit/fake_cpu.h - what the processor of a test is and does
 *
 * It has no CPUID leaf, no MSR but 0, and nothing answers at any port or
 * register, until a test says so.
 */
#ifndef TESTS_UNIT_FAKE_CPU_H
#define TESTS_UNIT_FAKE_CPU_H

#include "arch/x86_64/cpu.h"

#define FAKE_OUT_MAX 64

struct fake_cpu {
	uint64_t tsc;
	uint64_t tsc_step;    /* by which each look at it advances it */
	uint64_t sleep_ticks; /* by which an interrupt does */
	uint32_t sleep_count;
	bool has_random;
	uint64_t random;
	paddr_t cr3;
	uint32_t cr3_writes;

	/* Ports and registers; NULL: all ones are read. Sizes in bytes. */
	uint32_t (*in)(uint16_t port, uint32_t size);
	void (*out)(uint16_t port, uint32_t size, uint32_t value);
	uint32_t (*read)(paddr_t paddr, uint32_t size);
	void (*write)(paddr_t paddr, uint32_t size, uint32_t value);

	/* The first writes to ports. */
	uint32_t out_count;
	struct fake_out {
		uint16_t port;
		uint32_t size;
		uint32_t value;
	} outs[FAKE_OUT_MAX];
};

extern struct fake_cpu fake_cpu;

void fake_cpu_clear(void);

/* From then on CPUID.0:EAX and CPUID.80000000:EAX are at least `leaf`. */
void fake_cpu_set_cpuid(uint32_t leaf, uint32_t subleaf, struct cpuid id);

void fake_cpu_set_msr(uint32_t msr, uint64_t value);
uint64_t fake_cpu_msr(uint32_t msr);
uint32_t fake_cpu_msr_writes(void);

/* Was that value written to that port? */
bool fake_cpu_has_out(uint16_t port, uint32_t size, uint32_t value);

#endif
