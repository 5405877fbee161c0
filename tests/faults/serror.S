/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/faults/serror.S - enters the blob at EL1 with an SError pending
 *
 * Arm DDI 0487, HCR_EL2: VSE makes a virtual SError pending for EL1, which AMO
 * routes there. It stays pending as long as PSTATE.A masks it, as Linux's
 * booting.rst has it at the entry of a kernel. The tree is where QEMU's virt
 * machine has it. PSCI calls by HVC are passed on to EL3.
 */
#define HCR_RW  (1 << 31)
#define HCR_VSE (1 << 8)
#define HCR_AMO (1 << 5)
#define EL1H    0x3c5 /* with DAIF masked */

	.text
	adr	x1, vectors
	msr	vbar_el2, x1
	mov	x1, #HCR_RW
	orr	x1, x1, #HCR_VSE
	orr	x1, x1, #HCR_AMO
	msr	hcr_el2, x1
	mov	x1, #3			/* EL1 may read the counter and timer */
	msr	cnthctl_el2, x1
	msr	cntvoff_el2, xzr
	mrs	x1, midr_el1
	msr	vpidr_el2, x1
	mrs	x1, mpidr_el1
	msr	vmpidr_el2, x1
	mov	x1, #0x0800
	movk	x1, #0x30d0, lsl #16
	msr	sctlr_el1, x1
	mov	x1, #EL1H
	msr	spsr_el2, x1
	ldr	x1, =0x40200000
	msr	elr_el2, x1
	mov	x0, #0x40000000
	mov	x1, xzr
	mov	x2, xzr
	mov	x3, xzr
	eret
	.ltorg

	.balign	2048
vectors:
	.org	vectors + 0x400		/* synchronous, from EL1 */
	smc	#0
	eret
