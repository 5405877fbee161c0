/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/unit/fake_paging.c - low memory has one address only */
#include "arch/x86_64/lib/paging.h"

void *paging_given(paddr_t paddr, uint64_t size)
{
	(void)size;
	return paddr_ptr(paddr);
}

paddr_t paging_paddr(const void *given)
{
	return paddr_of(given);
}
