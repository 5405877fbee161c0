/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/guest/image.S - an arm64 Image that checks the state it is entered in
 *
 * Linux Documentation/arm64/booting.rst, "Call the kernel image". If all checks
 * pass, it turns the machine off, which ends QEMU; else it prints the letter of
 * the check that failed. tests/refusals/ sets fields of the header.
 */
#define PL011 0x09000000

	.macro require condition, letter
	mov	w9, #\letter
	b.\condition	1f
	b	complain
1:
	.endm

	.globl	_start
_start:
	b	begin
	.long	0
	.quad	0			/* text_offset */
	.quad	0x100000		/* image_size */
	.quad	0xa			/* flags */
	.quad	0, 0, 0
	.ascii	"ARM\x64"
	.long	0

begin:
	orr	x4, x1, x2
	orr	x4, x4, x3
	cmp	x4, #0
	require eq, 'X'			/* x1 to x3 are 0 */
	tst	x0, #7
	require eq, 'A'			/* the FDT is aligned */
	ldr	w4, [x0]
	ldr	w5, =0xedfe0dd0
	cmp	w4, w5
	require eq, 'F'			/* and is one */
	mrs	x4, daif
	cmp	x4, #0x3c0
	require eq, 'D'			/* all is masked */

	mrs	x6, CurrentEL
	cmp	x6, #8
	b.eq	1f
	mrs	x4, sctlr_el1
	b	2f
1:	mrs	x4, sctlr_el2
2:	mov	w5, #5
	tst	x4, x5
	require eq, 'M'			/* MMU and data cache are off */

	/* We are at text_offset from a multiple of 2 MiB. */
	adr	x4, _start
	and	x4, x4, #0x1fffff
	adr	x5, _start
	ldp	x7, x8, [x5, #8]
	mov	x5, #0x80000
	cmp	x8, #0
	csel	x7, x5, x7, eq
	cmp	x4, x7
	require eq, 'P'

	ldr	w0, =0x84000008		/* PSCI SYSTEM_OFF */
	cmp	x6, #8
	b.eq	1f
	hvc	#0
1:	smc	#0

complain:
	mov	x10, #PL011
	str	w9, [x10]
1:	wfi
	b	1b
	.ltorg
	.balign	4096
