/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/x86_64/describe/zero_page.h - struct boot_params and its E820 table */
#ifndef ARCH_X86_64_DESCRIBE_ZERO_PAGE_H
#define ARCH_X86_64_DESCRIBE_ZERO_PAGE_H

#include "common/memory/memory.h"
#include "common/spec/linux_x86.h"

struct boot;

/* What a setup_data record takes that holds the ranges beyond 128. */
#define E820_EXTENSION_SIZE                                                    \
	(sizeof(struct setup_data) +                                           \
	 (MEMORY_STEP_MAX - E820_TABLE_MAX) * sizeof(struct e820_entry))

/*
 * Fills the 4096 bytes of `params` for boot->kernel, boot->memory and the
 * tables at boot->rsdp_paddr. `extension`, of E820_EXTENSION_SIZE bytes, takes
 * what does not fit; it may be NULL when there are at most 128 ranges.
 */
void zero_page_build(struct boot_params *params, struct setup_data *extension,
                     const struct boot *boot);

#endif
