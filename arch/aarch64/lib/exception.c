/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/aarch64/lib/exception.c - a CPU exception ends the boot, with its place
 *
 * A fault while the first one is told of goes on to the stop.
 */
#include "arch/aarch64/cpu.h"
#include "arch/aarch64/lib/global.h"
#include "common/arch.h"
#include "common/lib/console.h"

/*
 * From reset.S, DDI 0487 section D1.3. Where it happened is told relative to
 * the blob.
 */
NORETURN void exception_report(uint64_t vector, uint64_t esr, paddr_t elr,
                               paddr_t far);

void exception_report(uint64_t vector, uint64_t esr, paddr_t elr, paddr_t far)
{
	struct boot *boot = global_boot();

	if (!boot) /* too early to say anything */
		cpu_halt();
	if (boot->has_faulted)
		arch_stop();
	boot->has_faulted = true;
	panic("exception %lu, ESR %#lx, at blob + %#lx, FAR %#lx", vector, esr,
	      elr - boot->handoff.blob_paddr, far);
}
