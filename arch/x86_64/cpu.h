/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/cpu.h - the only inline assembly: ports, MMIO, MSRs, CPUID
 *
 * Intel SDM volume 2 has the instructions.
 */
#ifndef ARCH_X86_64_CPU_H
#define ARCH_X86_64_CPU_H

#include "common/lib/compiler.h"

static inline void cpu_outb(uint16_t port, uint8_t value)
{
	__asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

static inline void cpu_outw(uint16_t port, uint16_t value)
{
	__asm__ volatile("outw %0, %1" : : "a"(value), "Nd"(port));
}

static inline void cpu_outl(uint16_t port, uint32_t value)
{
	__asm__ volatile("outl %0, %1" : : "a"(value), "Nd"(port) : "memory");
}

static inline uint8_t cpu_inb(uint16_t port)
{
	uint8_t value;

	__asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
	return value;
}

static inline uint32_t cpu_inl(uint16_t port)
{
	uint32_t value;

	__asm__ volatile("inl %1, %0" : "=a"(value) : "Nd"(port));
	return value;
}

/* Reads `count` words of 16 bits to `dest`. */
static inline void cpu_insw(uint16_t port, paddr_t dest, uint64_t count)
{
	__asm__ volatile("rep insw"
	                 : "+D"(dest), "+c"(count)
	                 : "d"(port)
	                 : "memory");
}

static inline uint32_t cpu_read32(paddr_t paddr)
{
	uint32_t value;

	__asm__ volatile("movl (%1), %0" : "=r"(value) : "r"(paddr));
	return value;
}

static inline void cpu_write32(paddr_t paddr, uint32_t value)
{
	__asm__ volatile("movl %0, (%1)" : : "r"(value), "r"(paddr) : "memory");
}

static inline void cpu_write64(paddr_t paddr, uint64_t value)
{
	__asm__ volatile("movq %0, (%1)" : : "r"(value), "r"(paddr) : "memory");
}

static inline void cpu_write16(paddr_t paddr, uint16_t value)
{
	__asm__ volatile("movw %0, (%1)" : : "r"(value), "r"(paddr) : "memory");
}

static inline uint16_t cpu_read16(paddr_t paddr)
{
	uint16_t value;

	__asm__ volatile("movw (%1), %0" : "=r"(value) : "r"(paddr));
	return value;
}

static inline uint8_t cpu_read8(paddr_t paddr)
{
	uint8_t value;

	__asm__ volatile("movb (%1), %0" : "=q"(value) : "r"(paddr));
	return value;
}

static inline void cpu_write8(paddr_t paddr, uint8_t value)
{
	__asm__ volatile("movb %0, (%1)" : : "r"(value), "r"(paddr) : "memory");
}

static inline void cpu_wrmsr(uint32_t msr, uint64_t value)
{
	__asm__ volatile("wrmsr"
	                 :
	                 : "c"(msr), "a"((uint32_t)value),
	                   "d"((uint32_t)(value >> 32)));
}

static inline uint64_t cpu_rdmsr(uint32_t msr)
{
	uint32_t low, high;

	__asm__ volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(msr));
	return (uint64_t)high << 32 | low;
}

/* Always inlined, since a call would be as long as the instruction. */
static INLINE uint64_t cpu_rdtsc(void)
{
	uint32_t low, high;

	__asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
	return (uint64_t)high << 32 | low;
}

/* Reads a random number. Returns false if the CPU has none just now. */
static inline bool cpu_rdrand(uint64_t *value)
{
	bool is_good;

	__asm__ volatile("rdrand %0; setc %1" : "=r"(*value), "=qm"(is_good));
	return is_good;
}

struct cpuid {
	uint32_t eax, ebx, ecx, edx;
};

static inline struct cpuid cpu_cpuid(uint32_t leaf, uint32_t subleaf)
{
	struct cpuid id;

	__asm__ volatile("cpuid"
	                 : "=a"(id.eax), "=b"(id.ebx), "=c"(id.ecx),
	                   "=d"(id.edx)
	                 : "a"(leaf), "c"(subleaf));
	return id;
}

/* SDM 2A, CPUID: leaf 7 tells of SHA, leaf 1 of SSSE3, which has PSHUFB. */
static inline bool cpu_has_sha_ni(void)
{
	return cpu_cpuid(0, 0).eax >= 7 && cpu_cpuid(7, 0).ebx >> 29 & 1 &&
	       cpu_cpuid(1, 0).ecx >> 9 & 1;
}

static inline uint64_t cpu_read_cr4(void)
{
	uint64_t value;

	__asm__ volatile("mov %%cr4, %0" : "=r"(value));
	return value;
}

static inline void cpu_write_cr4(uint64_t value)
{
	__asm__ volatile("mov %0, %%cr4" : : "r"(value) : "memory");
}

static inline void cpu_write_cr3(paddr_t table)
{
	__asm__ volatile("mov %0, %%cr3" : : "r"(table) : "memory");
}

static inline paddr_t cpu_read_cr3(void)
{
	paddr_t table;

	__asm__ volatile("mov %%cr3, %0" : "=r"(table));
	return table;
}

/* The operand of LIDT and LGDT, SDM 3A figure 2-6. */
struct cpu_table {
	uint16_t limit;
	uint64_t base;
} PACKED;

/* Loads a table of 64-bit gates of `size` bytes, SDM 3A figure 6-1. */
static inline void cpu_load_idt(const void *idt, uint16_t size)
{
	const struct cpu_table table = { size - 1, paddr_of(idt) };

	__asm__ volatile("lidt %0" : : "m"(table));
}

/*
 * Loads a table of descriptors of `size` bytes. The segments stay as they are.
 * Marks the last descriptor, of a TSS, as in use.
 */
static inline void cpu_load_gdt(const void *gdt, uint16_t size, uint16_t tss)
{
	const struct cpu_table table = { size - 1, paddr_of(gdt) };

	__asm__ volatile("lgdt %0; ltr %1" : : "m"(table), "r"(tss) : "memory");
}

/* Sleeps until the CPU has taken an interrupt. */
static inline void cpu_wait_interrupt(void)
{
	__asm__ volatile("sti; hlt; cli" : : : "memory");
}

static inline void cpu_pause(void)
{
	__asm__ volatile("pause" : : : "memory");
}

static inline NORETURN void cpu_halt(void)
{
	for (;;)
		__asm__ volatile("cli; hlt");
}

/* Resets the CPU: an exception that no gate can deliver shuts it down. */
static inline NORETURN void cpu_triple_fault(void)
{
	const struct cpu_table table = { 0 };

	__asm__ volatile("lidt %0; ud2" : : "m"(table));
	cpu_halt();
}

#endif
