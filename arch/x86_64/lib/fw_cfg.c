/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/x86_64/lib/fw_cfg.c - starts fw_cfg's DMA, QEMU docs/specs/fw_cfg.rst */
#include "arch/x86_64/cpu.h"
#include "common/arch.h"

#define FW_CFG_PORT_DMA_LOW 0x518

/* The address' high half stays 0. Writing its low half starts the DMA. */
void arch_fw_cfg_start(paddr_t registers, paddr_t descriptor)
{
	(void)registers;
	cpu_outl(FW_CFG_PORT_DMA_LOW, __builtin_bswap32(descriptor));
}
