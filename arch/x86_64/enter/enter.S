/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/enter/enter.S - the jump to the kernel
 *
 * Linux Documentation/arch/x86/boot.rst, "64-bit BOOT PROTOCOL": RSI is the
 * zero page; other registers don't matter. The lowest 2 MiB are mapped at
 * themselves again, all of them.
 */
#include "arch/x86_64/lib/regs.h"
#include "arch/x86_64/memmap.h"

	.section .text.enter_kernel, "ax"
	/* RDI is the kernel's entry. This runs at any address that is mapped. */
	.globl	enter_kernel
enter_kernel:
	movq	$PTE_LARGE, FIRST_PD_LOW
	movq	%cr3, %rax
	movq	%rax, %cr3
	movq	%rdi, %rax
	xorl	%ebp, %ebp
	xorl	%edi, %edi
	jmp	*%rax
