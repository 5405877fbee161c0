/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/aarch64/lib/exception.c - reports a CPU exception and ends the boot
 *
 * If the exception comes while something is being refused, the boot stops at
 * once.
 */
#include "arch/aarch64/cpu.h"
#include "arch/aarch64/lib/global.h"
#include "common/lib/console.h"

/*
 * reset.S calls this, on a stack for exceptions alone, with the vector's
 * number, ESR, ELR and FAR of DDI 0487, section D1.3. The message has ELR
 * relative to the blob, as the blob has no fixed address.
 */
NORETURN void exception_report(uint64_t vector, uint64_t esr, paddr_t elr,
                               paddr_t far);

void exception_report(uint64_t vector, uint64_t esr, paddr_t elr, paddr_t far)
{
	const struct boot *boot = global_boot();
	const struct fw_cfg *fw_cfg = &boot->machine.fw_cfg;

	/* Of its registers, the blob knows only those of the DMA. */
	if (!vector && fw_cfg->is_present && far - fw_cfg->paddr < fw_cfg->size)
		panic("fw_cfg: at %#lx: no DMA", fw_cfg->paddr);
	panic("exception %lu, ESR %#lx, at blob + %#lx, FAR %#lx", vector, esr,
	      elr - boot->handoff.blob_paddr, far);
}
