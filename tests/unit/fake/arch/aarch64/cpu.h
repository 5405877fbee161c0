/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/unit/fake/arch/aarch64/cpu.h - a processor made of variables
 *
 * In the include path of tests, this header comes before the real one. It has
 * the same functions; tests/unit/fake_arm.c implements them on variables.
 */
#ifndef TESTS_UNIT_FAKE_ARCH_AARCH64_CPU_H
#define TESTS_UNIT_FAKE_ARCH_AARCH64_CPU_H

#include "common/lib/compiler.h"

uint64_t cpu_mpidr(void);
uint64_t cpu_counter(void);
uint64_t cpu_counter_hz(void);
void *cpu_thread_pointer(void);
void cpu_set_thread_pointer(const void *ptr);
paddr_t cpu_translation_root(void);
void cpu_order_stores(void);
void cpu_sync(void);
void cpu_yield(void);
bool cpu_has_crc32(void);
bool cpu_has_sha256(void);
uint64_t cpu_memory_features(void);
uint32_t cpu_crc32(uint32_t crc, uint64_t word);
uint64_t cpu_cache_line_size(void);
void cpu_clean_line(paddr_t line);

uint32_t cpu_read32(paddr_t paddr);
uint16_t cpu_read16(paddr_t paddr);
uint8_t cpu_read8(paddr_t paddr);
void cpu_write64(paddr_t paddr, uint64_t value);
void cpu_write32(paddr_t paddr, uint32_t value);
void cpu_write16(paddr_t paddr, uint16_t value);
void cpu_write8(paddr_t paddr, uint8_t value);

/* This only notes the function; a VMM may not implement it. */
void cpu_psci(uint32_t function, bool is_hvc);

/* This ends in a panic that says so. */
NORETURN void cpu_halt(void);

#endif
