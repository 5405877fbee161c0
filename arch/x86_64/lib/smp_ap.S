/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/lib/smp_ap.S - what each application processor runs
 *
 * The code is copied to AP_TRAMPOLINE_BASE. A start-up IPI enters it there, in
 * real mode with CS = base / 16, IP = 0. It adds the processor's APIC ID to the
 * list while that is open, programs the MSRs of the mailbox, counts itself, and
 * halts until Linux starts the processor again. A busy host may let it run at
 * any time, so it writes to the list only if it has a place in it, and else to
 * this page alone.
 */
#include "arch/x86_64/lib/own_id.S"
#include "arch/x86_64/lib/smp.h"

	.section .rodata.smp_ap, "a"
	.globl	smp_ap_begin, smp_ap_end
	.code16
smp_ap_begin:
	movw	$(AP_TRAMPOLINE_BASE >> 4), %ax
	movw	%ax, %ds
	cmpl	$SMP_LIST_MAX, SMP_MAILBOX_OFFSET + SMP_COME_COUNT
	jae	2f
	OWN_ID
	movl	$1, %ecx
	lock xaddl %ecx, SMP_MAILBOX_OFFSET + SMP_COME_COUNT
	cmpl	$SMP_LIST_MAX, %ecx
	jae	2f
	movw	$(SCRATCH_BASE >> 4), %ax
	movw	%ax, %es
	movl	%esi, %es:(, %ecx, 4)
	lock incl SMP_MAILBOX_OFFSET + SMP_LISTED_COUNT
2:	movw	$(SMP_MAILBOX_OFFSET + SMP_MSRS), %si
	movw	SMP_MAILBOX_OFFSET + SMP_MSR_COUNT, %di
	jmp	4f
3:	lodsl
	movl	%eax, %ecx
	movl	4(%si), %edx
	lodsl
	addw	$4, %si
	wrmsr
	decw	%di
4:	testw	%di, %di
	jnz	3b
	lock incl SMP_MAILBOX_OFFSET + SMP_DONE_COUNT
5:	cli
	hlt
	jmp	5b
	.balign	8
smp_ap_end:
	.code64
