/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/x86_64/enter/enter.c - the CPUs are set up, and the kernel is entered */
#include "arch/x86_64/lib/mtrr.h"
#include "arch/x86_64/lib/paging.h"
#include "arch/x86_64/lib/smp.h"
#include "arch/x86_64/memmap.h"
#include "common/arch.h"
#include "common/place/guest.h"

/* enter.S: maps the lowest 2 MiB at themselves, all of them, and jumps. */
NORETURN void enter_kernel(paddr_t entry, paddr_t zero_page);

void arch_start(const struct machine *machine)
{
	mtrr_setup(machine);
	smp_start(machine);
}

/*
 * The last step unmaps BLOB_VADDR, so it runs where the blob lies. The kernel
 * begins with the blob's page tables, in which it must be code.
 */
void arch_enter(struct machine *machine, const struct guest *guest,
                paddr_t description)
{
	const struct kernel *kernel = &guest->kernel;
	paddr_t blob = paging_blob();
	void (*enter)(paddr_t, paddr_t) =
		paddr_ptr(blob + (paddr_t)enter_kernel - BLOB_VADDR);

	smp_finish(machine);
	paging_open(kernel->base, kernel->size);
	paging_open(blob, BLOB_SIZE);
	enter(kernel->entry, description);
	__builtin_unreachable();
}
