/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/aarch64/lib/fw_cfg.c - starts the DMA of fw_cfg
 *
 * QEMU docs/specs/fw_cfg.rst, "Guest-side DMA Interface".
 */
#include "arch/aarch64/cpu.h"
#include "common/arch.h"

#define FW_CFG_MMIO_DMA 16 /* the DMA address register, big-endian */

/* The VMM's CPU does the DMA, so the descriptor may be in cached memory. */
void arch_fw_cfg_start(paddr_t registers, paddr_t descriptor)
{
	cpu_sync();
	cpu_write64(registers + FW_CFG_MMIO_DMA, __builtin_bswap64(descriptor));
	cpu_sync();
}
