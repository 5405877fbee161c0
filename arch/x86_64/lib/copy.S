/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/lib/copy.S - memcpy() and memset(), by string instructions
 *
 * SDM 1 section 7.3.9.3: real processors take more than a word at a time for
 * these. Emulators take one at a time, so bytes are only what is left.
 */
	.section .text.copy, "ax"

	/* void *memcpy(void *dest, const void *src, size_t size) */
	.globl	memcpy
memcpy:
	movq	%rdi, %rax
	movq	%rdx, %rcx
	shrq	$3, %rcx
	rep movsq
	movl	%edx, %ecx
	andl	$7, %ecx
	rep movsb
	ret

	/* void *memset(void *dest, int byte, size_t size) */
	.globl	memset
memset:
	movq	%rdi, %r8
	movzbl	%sil, %eax
	movabsq	$0x0101010101010101, %rcx
	imulq	%rcx, %rax
	movq	%rdx, %rcx
	shrq	$3, %rcx
	rep stosq
	movl	%edx, %ecx
	andl	$7, %ecx
	rep stosb
	movq	%r8, %rax
	ret
