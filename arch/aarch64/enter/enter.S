/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/aarch64/enter/enter.S - jumps to the kernel's first instruction
 *
 * Linux Documentation/arm64/booting.rst, "Call the kernel image".
 */
#include "arch/aarch64/lib/sctlr.h"

#define EL2 (2 << 2)

	.section .text.enter, "ax"
/*
 * enter_kernel(x0 entry, x1 FDT): The caller has cleaned all that the kernel
 * will read to the point of coherency. This code writes nothing to memory; it
 * turns MMU and caches off.
 */
	.globl	enter_kernel
enter_kernel:
	mov	x19, x0
	mov	x0, x1
	dsb	sy
	mrs	x4, CurrentEL
	cmp	x4, #EL2
	b.eq	1f
	ldr	w2, =SCTLR_EL1_RES1
	msr	sctlr_el1, x2
	isb
	tlbi	vmalle1
	b	2f
1:	ldr	w2, =SCTLR_EL2_RES1
	msr	sctlr_el2, x2
	isb
	tlbi	alle2
2:	ic	iallu
	dsb	nsh
	isb
	mov	x1, xzr
	mov	x2, xzr
	mov	x3, xzr
	br	x19
	.ltorg
