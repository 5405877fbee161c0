/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/aarch64/lib/paging.S - the parts of paging that must be in assembly
 *
 * DDI 0487, chapter D17, names the registers.
 */
#include "arch/aarch64/lib/sctlr.h"

#define EL2 (2 << 2)

	.section .text.paging, "ax"
/*
 * cache_invalidate(x0 base, x1 size): discards what the caches hold of the
 * range. Base and size are multiples of 2 KiB, hence of eight cache lines. The
 * function changes only x0 to x3.
 */
	.globl	cache_invalidate
cache_invalidate:
	mrs	x2, ctr_el0
	ubfx	x2, x2, #16, #4
	mov	x3, #4
	lsl	x3, x3, x2		/* line size */
	add	x1, x0, x1
1:	.rept	8
	dc	ivac, x0
	add	x0, x0, x3
	.endr
	cmp	x0, x1
	b.lo	1b
	dsb	sy
	ret

/*
 * paging_use_wide(x0 root): switches to 48 bits of address, by that root. The
 * MMU is off meanwhile, because the TLB may have cached the number of bits. The
 * function touches no data in memory.
 */
	.globl	paging_use_wide
paging_use_wide:
	mrs	x4, CurrentEL
	cmp	x4, #EL2
	b.eq	1f
	mrs	x1, tcr_el1
	mrs	x2, sctlr_el1
	sub	x1, x1, #(48 - 42)	/* T0SZ */
	bic	x3, x2, #SCTLR_M
	msr	sctlr_el1, x3
	isb
	msr	ttbr0_el1, x0
	msr	tcr_el1, x1
	isb
	tlbi	vmalle1
	dsb	nsh
	isb
	msr	sctlr_el1, x2
	isb
	ret
1:	mrs	x1, tcr_el2
	mrs	x2, sctlr_el2
	sub	x1, x1, #(48 - 42)
	bic	x3, x2, #SCTLR_M
	msr	sctlr_el2, x3
	isb
	msr	ttbr0_el2, x0
	msr	tcr_el2, x1
	isb
	tlbi	alle2
	dsb	nsh
	isb
	msr	sctlr_el2, x2
	isb
	ret
