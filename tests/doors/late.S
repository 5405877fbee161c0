/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/doors/late.S - a kernel whose other CPUs take the blob's IPI late
 *
 * A CPU that a busy host has not let run in time has the start-up IPI of the
 * blob still before it when the kernel runs. Here the kernel sends that IPI once
 * more. Before, it uses what RAM it is told of below 640 KiB: the CPU must
 * neither run what is there nor write to it. RSI is the zero page.
 */
#define E820_COUNT 0x1e8
#define E820_TABLE 0x2d0
#define E820_SIZE  20
#define TYPE_RAM   1
#define ICR_LOW    0xfee00300
#define IPI_INIT   0xc4500
#define IPI_START  0xc4601 /* at page 1 */
#define WAIT_TICKS 0x8000000
#define DEBUG_EXIT 0xf4
#define BOOTED     0x10
#define REFUSED    0x31

/* What is used. The zero page and the page tables lie between both parts. */
#define FIRST_BASE 0x1000
#define FIRST_END  0x2000
#define LAST_BASE  0x8d000
#define LAST_END   0xa0000

	.text
	.code64
start:	leaq	start + 0x1000(%rip), %rsp
	xorl	%r8d, %r8d
	call	each_word
	movl	$ICR_LOW, %ebx
	movl	$IPI_INIT, (%rbx)
	call	wait
	movl	$IPI_START, (%rbx)
	call	wait
	incl	%r8d
	call	each_word
	movl	$BOOTED, %eax
end:	movl	$DEBUG_EXIT, %edx
	outl	%eax, %dx
	hlt

wait:	rdtsc
	movl	%eax, %ecx
1:	pause
	rdtsc
	subl	%ecx, %eax
	cmpl	$WAIT_TICKS, %eax
	jb	1b
	ret

	/* Sets all words of that RAM if R8 is 0, else compares them. */
each_word:
	movzbl	E820_COUNT(%rsi), %ecx
	leaq	E820_TABLE(%rsi), %rbx
1:	cmpl	$TYPE_RAM, 16(%rbx)
	jne	5f
	movq	(%rbx), %rdi
	movq	8(%rbx), %rdx
	addq	%rdi, %rdx
2:	cmpq	%rdx, %rdi
	jae	5f
	leaq	-FIRST_BASE(%rdi), %rax
	cmpq	$(FIRST_END - FIRST_BASE), %rax
	jb	3f
	leaq	-LAST_BASE(%rdi), %rax
	cmpq	$(LAST_END - LAST_BASE), %rax
	jae	4f
3:	movl	fatal(%rip), %eax
	testl	%r8d, %r8d
	jnz	3f
	movl	%eax, (%rdi)
3:	cmpl	%eax, (%rdi)
	movl	$REFUSED, %eax
	jne	end
4:	addq	$4, %rdi
	cmpq	$LAST_END, %rdi
	jb	2b
5:	addq	$E820_SIZE, %rbx
	loop	1b
	ret

	/* 16-bit code: mov $0x31, %al; out %al, $0xf4 */
fatal:	.byte	0xb0, REFUSED, 0xe6, DEBUG_EXIT
