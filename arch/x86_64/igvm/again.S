/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/igvm/again.S - a second start of which the file's pages are gone
 *
 * 32-bit code with flat segments, at any address, behind entry32 of kernel.S.
 * It is on the same page, and so is all that it runs: nothing else is left.
 */
#include "arch/x86_64/memmap.h"

	.section .door.again, "ax"
	.code32
	.globl	igvm_again
igvm_again:
	movl	$STACK_TOP, %esp
	call	1f
1:	popl	%esi
	addl	$(2f - 1b), %esi
	jmp	stop_with_line
2:	.asciz	"directboot: igvm: started again: the host has not loaded the file again\r\n"
