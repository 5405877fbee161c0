/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/aarch64/lib/sctlr.h - the system control register, for assembly
 *
 * DDI 0487, section D17.2.118.
 */
#ifndef ARCH_AARCH64_LIB_SCTLR_H
#define ARCH_AARCH64_LIB_SCTLR_H

#define SCTLR_M_BIT    0
#define SCTLR_M        (1 << SCTLR_M_BIT) /* MMU */
#define SCTLR_A        (1 << 1)  /* faults on accesses that are not aligned */
#define SCTLR_C        (1 << 2)  /* data cache */
#define SCTLR_I        (1 << 12) /* instruction cache */
#define SCTLR_WXN      (1 << 19) /* What is writable is not executable. */
#define SCTLR_EL1_RES1 0x30d00800
#define SCTLR_EL2_RES1 0x30c50830

#endif
