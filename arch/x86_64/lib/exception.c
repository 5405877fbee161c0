/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/x86_64/lib/exception.c - a CPU exception ends the boot with a message */
#include "arch/x86_64/memmap.h"
#include "common/lib/console.h"

/*
 * reset.S calls this with the registers as the exception found them, SDM 3A
 * section 6.15.
 */
NORETURN void exception_report(uint64_t vector, uint64_t error, paddr_t rip,
                               paddr_t cr2);

/* The message gives the place as an offset in the blob. */
void exception_report(uint64_t vector, uint64_t error, paddr_t rip, paddr_t cr2)
{
	panic("exception %lu, error %#lx, at blob + %#lx, fault address %#lx",
	      vector, error, rip - BLOB_VADDR, cr2);
}
