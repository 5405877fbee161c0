/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/lib/paging.h - page tables that are needed for a while only
 *
 * arch_map() adds tables, SDM 3A section 4.5. This module takes them back.
 */
#ifndef ARCH_X86_64_LIB_PAGING_H
#define ARCH_X86_64_LIB_PAGING_H

#include "common/lib/compiler.h"

/* Returns where the next page table that arch_map() adds will be. */
paddr_t paging_mark(void);

/* Frees the page tables from `mark` on, and unmaps what they map. */
void paging_release(paddr_t mark);

#endif
