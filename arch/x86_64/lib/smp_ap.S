/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/lib/smp_ap.S - what each application processor runs
 *
 * The code is copied to AP_TRAMPOLINE_BASE. A start-up IPI enters it there, in
 * real mode with CS = base / 16, IP = 0. smp_ap programs the MSRs of the
 * mailbox, counts itself, and halts until Linux starts the processor again.
 * smp_ask runs before, if nobody tells which processors there are: each adds
 * its APIC ID to the list.
 */
#include "arch/x86_64/lib/own_id.S"
#include "arch/x86_64/lib/smp.h"

	.section .rodata.smp_ap, "a"
	.globl	smp_ap_begin, smp_ap_end, smp_ask_begin, smp_ask_end
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

	/* Fills a struct smp_list. */
smp_ask_begin:
	movw	$(SCRATCH_BASE >> 4), %ax
	movw	%ax, %ds
	OWN_ID
	movl	$1, %ecx
	lock xaddl %ecx, 0
	cmpl	$SMP_LIST_MAX, %ecx
	jae	2f
	movl	%esi, 8(, %ecx, 4)
2:	lock incl 4
3:	cli
	hlt
	jmp	3b
	.balign	8
smp_ask_end:
	.code64
