/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/describe/zero_page.h - struct boot_params and its E820 table
 *
 * Linux Documentation/arch/x86/boot.rst and zero-page.rst.
 */
#ifndef ARCH_X86_64_DESCRIBE_ZERO_PAGE_H
#define ARCH_X86_64_DESCRIBE_ZERO_PAGE_H

#include "common/memory/memory.h"
#include "common/spec/linux_x86.h"

struct guest;

/* Bytes of a setup_data record for the ranges beyond 128. */
#define E820_EXTENSION_SIZE                                                    \
	(sizeof(struct setup_data) +                                           \
	 (MEMORY_STEP_MAX - E820_TABLE_MAX) * sizeof(struct e820_entry))

/* What else the zero page points to. An address of 0 stands for none. */
struct zero_page_pointers {
	paddr_t rsdp_paddr;
	paddr_t setup_data_paddr;
};

/*
 * Fills the 4096 bytes of `params` for the guest, its memory map and what is at
 * `pointers`. `extension`, of E820_EXTENSION_SIZE bytes, takes the ranges that
 * do not fit. It may be NULL if there are at most 128 ranges.
 */
void zero_page_build(struct boot_params *params, struct setup_data *extension,
                     const struct guest *guest, const struct memory *memory,
                     const struct zero_page_pointers *pointers);

#endif
