/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/smp_ap.S - what each application processor runs, once
 *
 * Copied to AP_TRAMPOLINE_BASE and entered there by a start-up IPI, in real
 * mode with CS = base / 16, IP = 0. Programs the MSRs of the mailbox, counts
 * itself, and halts until Linux starts it again.
 */
#include "arch/x86_64/smp.h"

	.section .rodata.smp_ap, "a"
	.globl	smp_ap_begin, smp_ap_end
	.code16
smp_ap_begin:
	movw	$(AP_TRAMPOLINE_BASE >> 4), %ax
	movw	%ax, %ds
	movw	$(SMP_MAILBOX_OFFSET + 8), %si
	movw	SMP_MAILBOX_OFFSET + 4, %di
	jmp	2f
1:	lodsl
	movl	%eax, %ecx
	movl	4(%si), %edx
	lodsl
	addw	$4, %si
	wrmsr
	decw	%di
2:	testw	%di, %di
	jnz	1b
	lock incl SMP_MAILBOX_OFFSET
3:	cli
	hlt
	jmp	3b
	.balign	8
smp_ap_end:
	.code64
