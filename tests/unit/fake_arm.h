/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/unit/fake_arm.h - what the AArch64 processor of a test is and does
 *
 * Until a test says otherwise, every value is 0 and no register answers.
 */
#ifndef TESTS_UNIT_FAKE_ARM_H
#define TESTS_UNIT_FAKE_ARM_H

#include "arch/aarch64/cpu.h"

#define FAKE_ARM_CLEANED 16

struct fake_arm {
	uint64_t mpidr;
	uint64_t counter;
	uint64_t counter_step; /* Each read advances it by this. */
	uint64_t counter_hz;
	void *thread_pointer;
	paddr_t translation_root;
	paddr_t wide_root; /* what paging_use_wide() was called with; or 0 */
	uint32_t syncs_at_wide; /* when paging_use_wide() was called */
	uint32_t store_orders;  /* calls of cpu_order_stores() */
	uint32_t invalidations; /* calls of cache_invalidate() */
	uint64_t invalidated;   /* bytes of all these */
	uint32_t psci;          /* the last function called; 0: none */
	bool psci_is_hvc;
	uint32_t cleaned_lines;
	paddr_t cleaned[FAKE_ARM_CLEANED]; /* the first of them */
	uint32_t yields;                   /* calls of cpu_yield() */
	uint32_t syncs;                    /* calls of cpu_sync() */
	uint64_t memory_features;          /* ID_AA64MMFR0_EL1 */
	bool has_sha256;
	bool has_crc32;
	uint32_t crc32_words; /* calls of cpu_crc32() */

	/* If these are NULL, reads give all ones. Sizes are in bytes. */
	uint32_t (*read)(paddr_t paddr, uint32_t size);
	void (*write)(paddr_t paddr, uint32_t size, uint64_t value);
};

extern struct fake_arm fake_arm;

#define FAKE_ARM_LINE 64 /* bytes of a cache line */

void fake_arm_clear(void);

#endif
