/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/lib/own_id.S - a macro for 16-bit code
 *
 * ESI becomes all 32 bits of the processor's APIC ID, as smp_own_id() finds it.
 * EAX to EDX change.
 */
	.macro	OWN_ID
	movl	$1, %eax
	cpuid
	shrl	$24, %ebx
	movl	%ebx, %esi
	xorl	%eax, %eax
	cpuid
	cmpl	$0xb, %eax
	jb	1f
	movl	$0xb, %eax
	xorl	%ecx, %ecx
	cpuid
	testw	%bx, %bx
	jz	1f
	movl	%edx, %esi
1:
	.endm
