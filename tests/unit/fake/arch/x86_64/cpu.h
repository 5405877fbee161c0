/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/unit/fake/arch/x86_64/cpu.h - a processor made of variables
 *
 * In the include path of tests, this header comes before the real one. It has
 * the same functions; tests/unit/fake_cpu.c implements them on variables.
 */
#ifndef TESTS_UNIT_FAKE_ARCH_X86_64_CPU_H
#define TESTS_UNIT_FAKE_ARCH_X86_64_CPU_H

#include "common/lib/compiler.h"

struct cpuid {
	uint32_t eax, ebx, ecx, edx;
};

void cpu_outb(uint16_t port, uint8_t value);
void cpu_outw(uint16_t port, uint16_t value);
void cpu_outl(uint16_t port, uint32_t value);
uint8_t cpu_inb(uint16_t port);
uint32_t cpu_inl(uint16_t port);
void cpu_insw(uint16_t port, paddr_t dest, uint64_t count);

uint32_t cpu_read32(paddr_t paddr);
uint16_t cpu_read16(paddr_t paddr);
uint8_t cpu_read8(paddr_t paddr);
void cpu_write32(paddr_t paddr, uint32_t value);
void cpu_write64(paddr_t paddr, uint64_t value);
void cpu_write16(paddr_t paddr, uint16_t value);
void cpu_write8(paddr_t paddr, uint8_t value);

void cpu_wrmsr(uint32_t msr, uint64_t value);
uint64_t cpu_rdmsr(uint32_t msr);
uint64_t cpu_rdtsc(void);
bool cpu_rdrand(uint64_t *value);
struct cpuid cpu_cpuid(uint32_t leaf, uint32_t subleaf);
bool cpu_has_sha_ni(void);
uint32_t cpu_address_width(void);
uint64_t cpu_read_cr4(void);
void cpu_write_cr4(uint64_t value);
void cpu_write_cr3(paddr_t table);
paddr_t cpu_read_cr3(void);
void cpu_load_idt(const void *idt, uint16_t size);
void cpu_load_gdt(const void *gdt, uint16_t size, uint16_t tss);
void cpu_wait_interrupt(void);
void cpu_pause(void);

/* Each of these ends in a panic that says so. */
NORETURN void cpu_halt(void);
NORETURN void cpu_triple_fault(void);

#endif
