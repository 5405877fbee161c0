/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/aarch64/cpu.h - the only inline assembly: registers, barriers, caches
 *
 * Arm Architecture Reference Manual for A-profile (DDI 0487), chapter D17.
 */
#ifndef ARCH_AARCH64_CPU_H
#define ARCH_AARCH64_CPU_H

#include "common/lib/compiler.h"

#define CPU_READ(name)                                                         \
	({                                                                     \
		uint64_t value_;                                               \
		__asm__ volatile("mrs %0, " #name : "=r"(value_));             \
		value_;                                                        \
	})

static inline bool cpu_is_el2(void)
{
	return CPU_READ(CurrentEL) == 2 << 2;
}

/* Affinity fields of the MPIDR: as an FDT's cpu nodes and the MADT have it. */
static inline uint64_t cpu_mpidr(void)
{
	return CPU_READ(mpidr_el1) & 0xff00ffffff;
}

static inline uint64_t cpu_counter(void)
{
	return CPU_READ(cntvct_el0);
}

static inline uint64_t cpu_counter_hz(void)
{
	return CPU_READ(cntfrq_el0);
}

/* Whatever cpu_set_thread_pointer() has set; NULL at first. */
static inline void *cpu_thread_pointer(void)
{
	return (void *)(cpu_is_el2() ? CPU_READ(tpidr_el2)
	                             : CPU_READ(tpidr_el1));
}

static inline void cpu_set_thread_pointer(const void *ptr)
{
	if (cpu_is_el2())
		__asm__ volatile("msr tpidr_el2, %0" : : "r"(ptr));
	else
		__asm__ volatile("msr tpidr_el1, %0" : : "r"(ptr));
}

/* Where the translation tables in use start. */
static inline paddr_t cpu_translation_root(void)
{
	return cpu_is_el2() ? CPU_READ(ttbr0_el2) : CPU_READ(ttbr0_el1);
}

/* What was written before is seen, also by table walks, before what is next. */
static inline void cpu_order_stores(void)
{
	__asm__ volatile("dsb ishst" : : : "memory");
}

/* All that was written to memory before is seen by all that comes after. */
static inline void cpu_sync(void)
{
	__asm__ volatile("dsb sy\n\tisb" : : : "memory");
}

/* Device registers, of the named width. */
static inline uint32_t cpu_read32(paddr_t paddr)
{
	uint32_t value;

	__asm__ volatile("ldr %w0, [%1]" : "=r"(value) : "r"(paddr) : "memory");
	return value;
}

static inline void cpu_write32(paddr_t paddr, uint32_t value)
{
	__asm__ volatile("str %w0, [%1]" : : "r"(value), "r"(paddr) : "memory");
}

static inline uint16_t cpu_read16(paddr_t paddr)
{
	uint32_t value;

	__asm__ volatile("ldrh %w0, [%1]"
	                 : "=r"(value)
	                 : "r"(paddr)
	                 : "memory");
	return value;
}

static inline void cpu_write16(paddr_t paddr, uint16_t value)
{
	__asm__ volatile("strh %w0, [%1]"
	                 :
	                 : "r"(value), "r"(paddr)
	                 : "memory");
}

static inline uint8_t cpu_read8(paddr_t paddr)
{
	uint32_t value;

	__asm__ volatile("ldrb %w0, [%1]"
	                 : "=r"(value)
	                 : "r"(paddr)
	                 : "memory");
	return value;
}

static inline void cpu_write8(paddr_t paddr, uint8_t value)
{
	__asm__ volatile("strb %w0, [%1]"
	                 :
	                 : "r"(value), "r"(paddr)
	                 : "memory");
}

static inline void cpu_write64(paddr_t paddr, uint64_t value)
{
	__asm__ volatile("str %0, [%1]" : : "r"(value), "r"(paddr) : "memory");
}

/* To whoever shares this core, be it an emulator's other threads. */
static inline void cpu_yield(void)
{
	__asm__ volatile("yield" : : : "memory");
}

/* ID_AA64ISAR0_EL1, D17.2.61: optional in Armv8.0, in all later ones. */
static inline bool cpu_has_crc32(void)
{
	return CPU_READ(id_aa64isar0_el1) >> 16 & 0xf;
}

/* The same register, and ID_AA64PFR0_EL1.AdvSIMD. */
static inline bool cpu_has_sha256(void)
{
	return (CPU_READ(id_aa64isar0_el1) >> 12 & 0xf) != 0 &&
	       (CPU_READ(id_aa64pfr0_el1) >> 20 & 0xf) != 0xf;
}

static inline uint32_t cpu_crc32(uint32_t crc, uint64_t word)
{
	__asm__(".arch_extension crc\n\tcrc32x %w0, %w0, %1"
	        : "+r"(crc)
	        : "r"(word));
	return crc;
}

/* Smallest data cache line of all levels. */
static inline uint64_t cpu_cache_line_size(void)
{
	return 4 << (CPU_READ(ctr_el0) >> 16 & 0xf);
}

/* Cleans and invalidates a line to the point of coherency. */
static inline void cpu_clean_line(paddr_t line)
{
	__asm__ volatile("dc civac, %0" : : "r"(line) : "memory");
}

/* PSCI (DEN0022) SYSTEM_OFF and SYSTEM_RESET: do not return if there is one. */
static inline void cpu_psci(uint32_t function, bool is_hvc)
{
	register uint64_t x0 __asm__("x0") = function;

	if (is_hvc)
		__asm__ volatile("hvc #0" : "+r"(x0) : : "memory");
	else
		__asm__ volatile("smc #0" : "+r"(x0) : : "memory");
}

NORETURN static inline void cpu_halt(void)
{
	for (;;)
		__asm__ volatile("wfi");
}

#endif
