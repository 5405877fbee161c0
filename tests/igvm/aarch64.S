/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/igvm/aarch64.S - starts a processor as an IGVM file says
 *
 * It runs from QEMU's flash at address 0, at EL1. replay.py fills in the
 * registers. The tables of an MMU that is on must map the flash at itself.
 */
	.text
start:
	adr	x9, registers
	ldp	x10, x11, [x9]
	msr	mair_el1, x10
	msr	tcr_el1, x11
	ldp	x10, x11, [x9, #16]
	msr	ttbr0_el1, x10
	isb
	tlbi	vmalle1
	dsb	nsh
	isb
	ldp	x12, x0, [x9, #32]
	msr	sctlr_el1, x11
	isb
	br	x12

	.balign	8
registers:
	.quad	0, 0, 0, 0, 0, 0 /* MAIR, TCR, TTBR0, SCTLR, PC, X0 */
