/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/unit/fake_arm.c - an AArch64 processor of variables, see fake_arm.h */
#include "tests/unit/fake_arm.h"

#include <string.h>

#include "arch/aarch64/lib/cache.h"
#include "arch/aarch64/lib/paging.h"
#include "common/lib/console.h"
#include "tests/unit/test.h"

struct fake_arm fake_arm;

void fake_arm_clear(void)
{
	memset(&fake_arm, 0, sizeof(fake_arm));
}

uint64_t cpu_mpidr(void)
{
	return fake_arm.mpidr;
}

uint64_t cpu_counter(void)
{
	return fake_arm.counter += fake_arm.counter_step;
}

uint64_t cpu_counter_hz(void)
{
	return fake_arm.counter_hz;
}

void *cpu_thread_pointer(void)
{
	return fake_arm.thread_pointer;
}

void cpu_set_thread_pointer(const void *ptr)
{
	fake_arm.thread_pointer = (void *)ptr;
}

paddr_t cpu_translation_root(void)
{
	return fake_arm.wide_root ? fake_arm.wide_root
	                          : fake_arm.translation_root;
}

void cpu_order_stores(void)
{
	fake_arm.store_orders++;
}

void cpu_sync(void)
{
	fake_arm.syncs++;
}

void cpu_yield(void)
{
	fake_arm.yields++;
}

bool cpu_has_crc32(void)
{
	return fake_arm.has_crc32;
}

bool cpu_has_sha256(void)
{
	return fake_arm.has_sha256;
}

uint64_t cpu_memory_features(void)
{
	return fake_arm.memory_features;
}

/* DDI 0487, CRC32X: the polynomial 0x04C11DB7, bits reversed. */
uint32_t cpu_crc32(uint32_t crc, uint64_t word)
{
	fake_arm.crc32_words++;
	for (int i = 0; i < 64; i++) {
		uint32_t bit = (crc ^ (uint32_t)(word >> i)) & 1;

		crc = crc >> 1 ^ (bit ? 0xedb88320 : 0);
	}
	return crc;
}

uint64_t cpu_cache_line_size(void)
{
	return FAKE_ARM_LINE;
}

void cpu_clean_line(paddr_t line)
{
	if (fake_arm.cleaned_lines < FAKE_ARM_CLEANED)
		fake_arm.cleaned[fake_arm.cleaned_lines] = line;
	fake_arm.cleaned_lines++;
}

/* ---- registers */

static uint32_t read(paddr_t paddr, uint32_t size)
{
	return fake_arm.read ? fake_arm.read(paddr, size) : UINT32_MAX;
}

static void write(paddr_t paddr, uint32_t size, uint64_t value)
{
	if (fake_arm.write)
		fake_arm.write(paddr, size, value);
}

uint32_t cpu_read32(paddr_t paddr)
{
	return read(paddr, 4);
}

uint16_t cpu_read16(paddr_t paddr)
{
	return (uint16_t)read(paddr, 2);
}

uint8_t cpu_read8(paddr_t paddr)
{
	return (uint8_t)read(paddr, 1);
}

void cpu_write64(paddr_t paddr, uint64_t value)
{
	write(paddr, 8, value);
}

void cpu_write32(paddr_t paddr, uint32_t value)
{
	write(paddr, 4, value);
}

void cpu_write16(paddr_t paddr, uint16_t value)
{
	write(paddr, 2, value);
}

void cpu_write8(paddr_t paddr, uint8_t value)
{
	write(paddr, 1, value);
}

/* ---- the end, and what is assembly in the blob */

void cpu_psci(uint32_t function, bool is_hvc)
{
	fake_arm.psci = function;
	fake_arm.psci_is_hvc = is_hvc;
}

void cpu_halt(void)
{
	panic("fake: halted");
}

void cache_invalidate(paddr_t base, uint64_t size)
{
	EXPECT_EQ(base % FAKE_ARM_LINE, 0);
	fake_arm.invalidations++;
	fake_arm.invalidated += size;
}

void paging_use_wide(const uint64_t *root)
{
	fake_arm.wide_root = paddr_of(root);
	fake_arm.syncs_at_wide = fake_arm.syncs;
}
