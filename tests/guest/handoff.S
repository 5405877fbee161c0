/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/guest/handoff.S - an x86_64 "kernel" that checks how it was entered
 *
 * Linux Documentation/arch/x86/boot.rst, "64-bit BOOT PROTOCOL". It ends QEMU
 * by isa-debug-exit with status 33 if all checks pass, else with 2 n + 1, where
 * n (2 and up) is the number of the check that failed.
 */
	.macro	expect, number
	movl	$\number, %edi
	jne	done
	.endm

	.text
	.globl	_start
_start:
	/* 2: RSI leads to the zero page, with a setup header in it. */
	cmpl	$0x53726448, 0x202(%rsi)
	expect	2
	/* 3: a loader of no registered type, and no stale sentinel. */
	cmpb	$0xff, 0x210(%rsi)
	expect	3
	cmpb	$0, 0x1ef(%rsi)
	expect	4
	/* 5, 6: __BOOT_CS and __BOOT_DS. */
	movw	%cs, %ax
	cmpw	$0x10, %ax
	expect	5
	movw	%ds, %ax
	cmpw	$0x18, %ax
	expect	6
	/* 7: interrupts off. */
	pushfq
	popq	%rax
	andl	$0x200, %eax
	cmpl	$0, %eax
	expect	7
	/* 8: caches on, paging on, protected. */
	movq	%cr0, %rax
	andl	$0xe0000001, %eax
	cmpl	$0x80000001, %eax
	expect	8
	/* 9: an RSDP where boot_params says. */
	movq	0x70(%rsi), %rax
	movabsq	$0x2052545020445352, %rcx /* "RSD PTR " */
	cmpq	%rcx, (%rax)
	expect	9
	/* 10: at least RAM below 1 MiB, and RAM above, in E820. */
	cmpb	$3, 0x1e8(%rsi)
	setae	%al
	cmpb	$1, %al
	expect	10
	/* 11: the command line, as packed, and what we may have added. */
	movl	0x228(%rsi), %eax
	cmpl	$0x646e6168, (%rax) /* "hand" */
	expect	11
	/* 12: the initrd, as packed. */
	movl	0x218(%rsi), %eax
	cmpl	$0x74696e69, (%rax) /* "init" */
	expect	12
	cmpl	$8192, 0x21c(%rsi)
	expect	13
	/* 14, 15: .data was loaded, .bss is zero to its end. */
	cmpl	$0x12345678, data
	expect	14
	movl	$bss, %ebx
	movl	$bss_end, %ecx
1:	cmpl	$0, (%rbx)
	expect	15
	addl	$4, %ebx
	cmpl	%ebx, %ecx
	jne	1b

	movl	$16, %edi
done:
	movl	%edi, %eax
	movw	$0xf4, %dx
	outb	%al, %dx
	cli
	hlt

	.data
	.balign	4096
data:
	.long	0x12345678

	.bss
	.balign	4096
bss:
	.skip	0x100000
bss_end:
