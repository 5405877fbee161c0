/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/x86_64/lib/exception.c - a CPU exception ends the boot, with its place
 */
#include "arch/x86_64/lib/global.h"
#include "common/lib/console.h"

/* From reset.S, SDM 3A section 6.15: registers as the exception found them. */
NORETURN void exception_report(uint64_t vector, uint64_t error, paddr_t rip,
                               paddr_t cr2);

/* Where it happened is told relative to the blob. */
void exception_report(uint64_t vector, uint64_t error, paddr_t rip, paddr_t cr2)
{
	panic("exception %lu, error %#lx, at blob + %#lx, fault address %#lx",
	      vector, error, rip - global_boot()->handoff.blob_paddr, cr2);
}
