/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/lib/paging.h - page tables, besides arch_map()
 *
 * SDM 3A section 4.5.
 */
#ifndef ARCH_X86_64_LIB_PAGING_H
#define ARCH_X86_64_LIB_PAGING_H

#include "common/lib/compiler.h"

/*
 * Completes the tables of door/long_mode.S. Maps [0, end) but for page 0 and
 * the page below the stack, and the devices below 4 GiB.
 */
void paging_start(paddr_t end);

/* Maps [base, base + size) so that it can be executed. */
void paging_open(paddr_t base, uint64_t size);

/*
 * What a VMM has left below 1 MiB is read at LOW_ALIAS, since the blob has some
 * of these addresses for itself and others not mapped. paging_given() returns a
 * pointer to `size` bytes at a physical address, and panics if they begin there
 * and do not end below 2 MiB, as LOW_ALIAS does; paging_paddr() returns from
 * it.
 */
void *paging_given(paddr_t paddr, uint64_t size);
paddr_t paging_paddr(const void *given);

/* Returns where the blob lies that runs at BLOB_VADDR. */
paddr_t paging_blob(void);

/* Returns where the next page table that arch_map() adds will be. */
paddr_t paging_mark(void);

/* Frees the page tables from `mark` on, and unmaps what they map. */
void paging_release(paddr_t mark);

#endif
