/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/aarch64/door/refuse.S - what the blob says where C cannot run
 *
 * It has no stack here, and perhaps no RAM. Where most VMMs have a PL011 (Arm
 * DDI 0183) it writes one line, and the CPU stops for good. How the payload
 * wants errors to end is not known yet. Every CPU that comes here but the first
 * is silent.
 */
#include "arch/aarch64/lib/console.h"

#define PL011_FR      0x18
#define PL011_CR      0x30
#define PL011_CR_ON   0x301 /* transmit, receive, enable */
#define PL011_FR_FULL 5

#define MPIDR_CPU     0xffffff

/*
 * A CPU in AArch32 comes here from the blob's first word, whose high byte is
 * that of a branch there (DDI 0487, section F5.1.18). Assemblers for AArch64 do
 * not know these instructions, so they are numbers.
 */
	.section .aarch32, "ax"
refuse_aarch32:
	.inst	0xee100fb0		/* mrc	p15, 0, r0, c0, c0, 5 (MPIDR) */
	.inst	0xe1b00400		/* lsls	r0, r0, #8 */
	.inst	0x1a00000c		/* bne	3f */
	.inst	0xe3a01409		/* mov	r1, #0x09000000 */
	.inst	0xe3a00c03		/* mov	r0, #0x300 */
	.inst	0xe3800001		/* orr	r0, r0, #1 */
	.inst	0xe5810030		/* str	r0, [r1, #PL011_CR] */
	.inst	0xe28f2024		/* add	r2, pc, #(4f - . - 8) */
	.inst	0xe4d20001		/* 1: ldrb r0, [r2], #1 */
	.inst	0xe3500000		/* cmp	r0, #0 */
	.inst	0x0a000004		/* beq	3f */
	.inst	0xe5913018		/* 2: ldr r3, [r1, #PL011_FR] */
	.inst	0xe3130020		/* tst	r3, #(1 << PL011_FR_FULL) */
	.inst	0x1afffffc		/* bne	2b */
	.inst	0xe5810000		/* str	r0, [r1] */
	.inst	0xeafffff7		/* b	1b */
	.inst	0xe320f003		/* 3: wfi */
	.inst	0xeafffffd		/* b	3b */
	.asciz	"directboot: CPU: in AArch32: must be in AArch64\r\n" /* 4: */
	.balign	4

	.section .text.refuse, "ax"
	.globl	refuse_el3, refuse_work_area, park
/* An exception meanwhile must not come back here. */
refuse_el3:
	msr	vbar_el3, x20
	isb
	adr	x2, el3_line
	b	tell

refuse_work_area:
	mrs	x4, CurrentEL
	mov	x5, #1
	cmp	x4, #(2 << 2)
	b.eq	1f
	mrs	x6, tpidr_el1
	msr	tpidr_el1, x5
	b	2f
1:	mrs	x6, tpidr_el2
	msr	tpidr_el2, x5
2:	cbnz	x6, park
	adr	x2, work_area_line

tell:
	mrs	x0, mpidr_el1
	and	x0, x0, #MPIDR_CPU
	cbnz	x0, park
	mov	x1, #CONSOLE_GUESSED_BASE
	mov	w0, #PL011_CR_ON
	str	w0, [x1, #PL011_CR]
1:	ldrb	w0, [x2], #1
	cbz	w0, park
2:	ldr	w3, [x1, #PL011_FR]
	tbnz	w3, #PL011_FR_FULL, 2b
	str	w0, [x1]
	b	1b
park:	wfi
	b	park

	.section .rodata.refuse, "a"
el3_line:
	.asciz	"directboot: CPU: at EL3: must be at EL2 or EL1\r\n"
work_area_line:
	.asciz	"directboot: memory: no RAM where the work area is to be\r\n"
