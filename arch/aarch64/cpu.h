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

/*
 * Returns the affinity fields of the MPIDR, in the form that the cpu nodes of a
 * device tree and the MADT use.
 */
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

/*
 * Returns what cpu_set_thread_pointer() has set. The door writes 0 to the
 * register, so the result is NULL until then.
 */
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

/* Returns the address of the translation tables that are in use. */
static inline paddr_t cpu_translation_root(void)
{
	return cpu_is_el2() ? CPU_READ(ttbr0_el2) : CPU_READ(ttbr0_el1);
}

/* Orders stores: all observers, table walks too, see earlier stores first. */
static inline void cpu_order_stores(void)
{
	__asm__ volatile("dsb ishst" : : : "memory");
}

/* Waits until all earlier accesses to memory are complete. */
static inline void cpu_sync(void)
{
	__asm__ volatile("dsb sy\n\tisb" : : : "memory");
}

/*
 * The following functions access device registers of 8 to 64 bits. A compiler
 * must not merge, widen or split such an access.
 */
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

/* Hints that other threads, such as an emulator's, may run on this core. */
static inline void cpu_yield(void)
{
	__asm__ volatile("yield" : : : "memory");
}

/*
 * Tests ID_AA64ISAR0_EL1 (D17.2.61). The CRC32 instructions are optional in
 * Armv8.0; all later versions have them.
 */
static inline bool cpu_has_crc32(void)
{
	return CPU_READ(id_aa64isar0_el1) >> 16 & 0xf;
}

/* SHA-256 needs its own instructions and also the vector registers. */
static inline bool cpu_has_sha256(void)
{
	return (CPU_READ(id_aa64isar0_el1) >> 12 & 0xf) != 0 &&
	       (CPU_READ(id_aa64pfr0_el1) >> 20 & 0xf) != 0xf;
}

/* Returns ID_AA64MMFR0_EL1 (D17.2.64), which says what pages there are. */
static inline uint64_t cpu_memory_features(void)
{
	return CPU_READ(id_aa64mmfr0_el1);
}

static inline uint32_t cpu_crc32(uint32_t crc, uint64_t word)
{
	__asm__(".arch_extension crc\n\tcrc32x %w0, %w0, %1"
	        : "+r"(crc)
	        : "r"(word));
	return crc;
}

/* Returns the size in bytes of the smallest data cache line of all levels. */
static inline uint64_t cpu_cache_line_size(void)
{
	return 4 << (CPU_READ(ctr_el0) >> 16 & 0xf);
}

/* Cleans and invalidates one data cache line to the point of coherency. */
static inline void cpu_clean_line(paddr_t line)
{
	__asm__ volatile("dc civac, %0" : : "r"(line) : "memory");
}

/*
 * Calls a PSCI function (Arm DEN0022) that takes no arguments. SYSTEM_OFF and
 * SYSTEM_RESET return only if the VMM does not implement them.
 */
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
