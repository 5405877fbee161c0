/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/paravisor/pool_ap.S - what each CPU of the dispatch pool runs
 *
 * pool_ap is copied to AP_TRAMPOLINE_BASE, as smp_ap.S is, and leads to long
 * mode. The first CPU to come fills the pool's memory, and the others wait for
 * that. A CPU that is not the pool's counts itself and halts there. The others
 * go on in the pool's head, where pool_code has been copied to: they wait for
 * commands. They take interrupts only while they halt.
 */
#include "arch/x86_64/lib/lapic.h"
#include "arch/x86_64/lib/own_id.S"
#include "arch/x86_64/lib/regs.h"
#include "arch/x86_64/lib/smp.h"
#include "arch/x86_64/paravisor/pool_area.h"

	.section .rodata.pool_ap, "a"
	.globl	pool_ap_begin, pool_ap_end
	.code16
pool_ap_begin:
	movw	$(AP_TRAMPOLINE_BASE >> 4), %ax
	movw	%ax, %ds
	OWN_ID
	movl	%esi, %ebp
	lgdtl	3f - pool_ap_begin
	movl	$(CR4_PAE | CR4_OSFXSR | CR4_OSXMMEXCPT), %eax
	movl	%eax, %cr4
	movl	POOL_WORDS_OFFSET + POOL_WORDS_FIRST_TABLE, %eax
	movl	%eax, %cr3
	movl	POOL_WORDS_OFFSET + POOL_WORDS_EFER, %eax
	xorl	%edx, %edx
	movl	$MSR_EFER, %ecx
	wrmsr
	movl	$(CR0_PG | CR0_WP | CR0_NE | CR0_ET | CR0_MP | CR0_PE), %eax
	movl	%eax, %cr0
	ljmpl	$SELECTOR_CODE64, $(AP_TRAMPOLINE_BASE + (1f - pool_ap_begin))

	.code64
	/* EBP is the APIC ID, RBX the words. One CPU fills the pool's memory. */
1:	movl	$(AP_TRAMPOLINE_BASE + POOL_WORDS_OFFSET), %ebx
	movl	$1, %eax
	lock xaddl %eax, POOL_WORDS_COME_COUNT(%rbx)
	testl	%eax, %eax
	jnz	2f
	movl	POOL_WORDS_STACK(%rbx), %esp
	movl	%ebx, %edi
	call	*POOL_WORDS_FILL(%rbx)
	movl	$1, POOL_WORDS_IS_FULL(%rbx)
2:	pause
	cmpl	$0, POOL_WORDS_IS_FULL(%rbx)
	je	2b
	movl	POOL_WORDS_TABLE(%rbx), %eax
	movq	%rax, %cr3
	lgdt	POOL_WORDS_GDT(%rbx)
	lidt	POOL_WORDS_IDT(%rbx)
	movl	%ebp, %esi
	movl	POOL_WORDS_HEAD(%rbx), %ebp
	/* ESI is the APIC ID, EBP the head. RBX becomes the struct pool_cpu. */
	leaq	POOL_HEAD_CPUS(%rbp), %rbx
	movl	POOL_HEAD_COUNT(%rbp), %ecx
1:	cmpl	%esi, POOL_CPU_ID(%rbx)
	je	4f
	addq	$POOL_CPU_SIZE, %rbx
	loop	1b
	lock incl SMP_MAILBOX_BASE
2:	cli
	hlt
	jmp	2b
3:	.word	SELECTOR_CODE64 + 8 - 1
	.long	GDT_BASE
4:	addq	$POOL_HEAD_CODE, %rbp
	jmp	*%rbp
	.balign	8
pool_ap_end:

	/*
	 * RBX is the struct pool_cpu, and GS's base as well, for exceptions.
	 * RBP is where the status is, R12 the command page, R13 the control
	 * page. Functions keep these four registers.
	 */
	.globl	pool_code_begin, pool_exception, pool_interrupt
pool_code_begin:
	movl	POOL_CPU_STACK(%rbx), %esp
	fninit
	movl	%ebx, %eax
	xorl	%edx, %edx
	movl	$MSR_GS_BASE, %ecx
	wrmsr
	movq	POOL_CPU_COMMAND(%rbx), %r12
	movq	%r12, %rdi
	xorl	%eax, %eax
	movl	$(2 * 4096 / 4), %ecx
	rep stosl
	movq	POOL_CPU_CONTROL(%rbx), %r13
	movl	$LAPIC_BASE, %eax
	movl	$LAPIC_SVR_ENABLE, LAPIC_SVR(%rax)
	movq	POOL_CPU_STATUS(%rbx), %rbp
	movb	$POOL_STATUS_IDLE, (%rbp)
	lock incl SMP_MAILBOX_BASE

wait:	movb	(%rbp), %al
	cmpb	$POOL_STATUS_RUN, %al
	je	run
	cmpb	$POOL_STATUS_STOP, %al
	je	idle
	cmpb	$POOL_STATUS_REMOVE, %al
	je	2f
	cmpl	$0, POOL_CONTROL_REQUEST_VECTOR(%r13)
	jne	1f
	pause
	jmp	wait
	/* What comes after the status was read wakes it, too. */
1:	sti
	hlt
	cli
	jmp	wait
2:	movb	$POOL_STATUS_REMOVED, (%rbp)
3:	cli
	hlt
	jmp	3b

run:	movb	$0, POOL_COMMAND_HAS_ERROR(%r12)
	movl	POOL_COMMAND(%r12), %edx
	movl	POOL_CPU_ID(%rbx), %eax
	cmpl	$POOL_PING, %edx
	je	1f
	leaq	unknown(%rip), %rsi
	cmpl	$POOL_CALL, %edx
	jne	fail
	movq	POOL_COMMAND_ARGUMENT(%r12), %rdi
	call	*POOL_COMMAND_ADDRESS(%r12)
1:	movq	%rax, POOL_COMMAND_RESULT(%r12)

idle:	movb	$POOL_STATUS_IDLE, (%rbp)
	movl	$1, POOL_CONTROL_ATTENTION(%r13)
	movzbl	POOL_CONTROL_RESPONSE_VECTOR(%r13), %ecx
	testl	%ecx, %ecx
	jz	wait
	movl	POOL_CONTROL_RESPONSE_CPU(%r13), %eax
	shll	$LAPIC_ICR_CPU_SHIFT, %eax
	movl	$LAPIC_BASE, %edx
	movl	%eax, LAPIC_ICR_HIGH(%rdx)
	movl	%ecx, LAPIC_ICR_LOW(%rdx)
	jmp	wait

	/* RSI is the text, behind a byte with its size. */
fail:	movb	$1, POOL_COMMAND_HAS_ERROR(%r12)
	leaq	POOL_COMMAND_ERROR(%r12), %rdi
	movzbl	(%rsi), %ecx
	incl	%ecx
	rep movsb
	jmp	idle

	/* What was called has done wrong; the command ends. */
pool_exception:
	movl	$MSR_GS_BASE, %ecx
	rdmsr
	movl	%eax, %ebx
	movl	POOL_CPU_STACK(%rbx), %esp
	movq	POOL_CPU_STATUS(%rbx), %rbp
	movq	POOL_CPU_COMMAND(%rbx), %r12
	movq	POOL_CPU_CONTROL(%rbx), %r13
	leaq	fault(%rip), %rsi
	cld
	jmp	fail

	/* It was to end a halt, and has. */
pool_interrupt:
	pushq	%rax
	movl	$LAPIC_BASE, %eax
	movl	$0, LAPIC_EOI(%rax)
	popq	%rax
	iretq

unknown:
	.byte	1f - . - 1
	.ascii	"not a command of this pool"
1:
fault:	.byte	1f - . - 1
	.ascii	"exception"
1:
	.org	pool_code_begin + POOL_CODE_MAX /* an error if that is behind */
