/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/door/reset.S - from the reset vector to C in long mode
 *
 * Legal entry states: real mode, CS:IP = F000:FFF0 with a CS base of FFFF0000
 * (QEMU, Bochs, crosvm, bhyve) or F0000 (OpenVMM, kvmtool), with or without a
 * copy of the blob below 1 MiB. The code relies on nothing else: no general
 * register, no writable memory but the RAM below 640 KiB. The blob runs from
 * its ROM and is never written: descriptors are marked accessed, and page
 * tables are in RAM.
 *
 * If the blob is only below 1 MiB (kvmtool), it lies in RAM that it will need
 * for other ends. It then goes on in a copy above 1 MiB, as a kernel would
 * (kernel.S).
 */
#include "arch/x86_64/lib/regs.h"
#include "arch/x86_64/memmap.h"

#define RECORD_MAGIC 0x45524244 /* "DBRE", see common/spec/bundle.h */

/* SDM 3A table 6-1: of these vectors the CPU pushes an error code, too. */
#define VECTORS_WITH_ERROR                                                     \
	(1 << 8 | 0x1f << 10 | 1 << 17 | 1 << 21 | 1 << 29 | 1 << 30)

/* Where something is before paging is on, in the ROM or in its low copy. */
#define IN_ROM(symbol) (symbol - BLOB_VADDR + BLOB_BASE)
#define IN_LOW(symbol) (symbol - BLOB_VADDR + 0xf0000)

	.section .reset16, "ax"
	.code16
	.globl	reset16
	.type	reset16, @function /* where the function before it ends */
reset16:
	/*
	 * If there is a copy of the blob at F0000, it is reached by any CS
	 * base. If there is none, the base must be FFFF0000.
	 */
	movw	$0xf000, %ax
	movw	%ax, %ds
	movl	$(CR0_PE | CR0_ET | CR0_NE), %eax /* this clears CD and NW */
	cmpl	$RECORD_MAGIC, BLOB_RECORD
	je	1f
	lgdtl	%cs:(gdt_pointer - BLOB_VADDR)
	movl	%eax, %cr0
	ljmpl	$SELECTOR_CODE32, $IN_ROM(reset32)
1:	lgdtl	%cs:(gdt_pointer_low - BLOB_VADDR)
	movl	%eax, %cr0
	ljmpl	$SELECTOR_CODE32, $IN_LOW(reset32_low)

	.globl	text_no_long_mode
text_no_long_mode:
	.asciz	"directboot: CPU: no long mode for 64 bits\r\n"

	/* igvm/again.S has nothing but the page of the entry. */
	.section .door.page, "ax"
	/* SDM 3A section 3.4.5: flat segments, marked accessed. See idt.c. */
	.globl	gdt, gdt_pointer
gdt:
	.quad	0
	.quad	0x00cf9b000000ffff /* SELECTOR_CODE32 */
	.quad	0x00af9b000000ffff /* SELECTOR_CODE64 */
	.quad	0x00cf93000000ffff /* SELECTOR_DATA */
	/* SELECTOR_GUARD: from the IDT on, whose words do not change. */
	.quad	0x00cf93000000ffff + (IDT_BASE << 16)
gdt_pointer:
	.word	gdt_pointer - gdt - 1
	.long	IN_ROM(gdt)
gdt_pointer_low:
	.word	gdt_pointer - gdt - 1
	.long	IN_LOW(gdt)

	.code32
	/* Print one line on COM1, without a stack, then stop. */
	.globl	stop_with_line /* for code at any address */
stop_with_line:
	/* ESI points to the line. */
	movb	(%esi), %al
	incl	%esi
	testb	%al, %al
	jz	3f
	movb	%al, %ah
	movl	$0x10000, %ecx /* a UART that is not there never answers */
2:	movw	$0x3fd, %dx
	inb	%dx, %al
	testb	$0x20, %al /* transmitter empty */
	loopz	2b
	movb	%ah, %al
	movw	$0x3f8, %dx
	outb	%al, %dx
	movw	$0x402, %dx
	outb	%al, %dx
	jmp	stop_with_line
3:	movb	$0x31, %al /* QEMU's isa-debug-exit, see lib/stop.c */
	outb	%al, $0xf4
4:	cli
	hlt
	jmp	4b

	/*
	 * What only a reset needs has room in the first page, which a VMM that
	 * takes the blob for a kernel does not load.
	 */
	.section .reset, "ax"
	.code32
	/*
	 * This runs in the copy below 1 MiB, which may vanish: go on in the
	 * upper one.
	 */
reset32_low:
	movw	$SELECTOR_DATA, %ax
	movw	%ax, %ds
	movw	%ax, %es
	movw	%ax, %ss
	cmpl	$RECORD_MAGIC, BLOB_BASE + BLOB_RECORD
	jne	1f
	lgdt	IN_ROM(gdt_pointer)
	ljmp	$SELECTOR_CODE32, $IN_ROM(reset32)

	/* Copy the blob, with the bundle before it if there is one. */
1:	movl	$LOW_BIOS_BASE, %esi
	movl	$LOW_BIOS_COPY, %edi
	movl	$(LOW_BIOS_SIZE / 4), %ecx
	rep movsl
	cmpl	$RECORD_MAGIC, LOW_BIOS_COPY_BLOB + BLOB_RECORD
	jne	no_ram
	movl	$(entry_copied - BLOB_VADDR + LOW_BIOS_COPY_BLOB), %eax
	jmp	*%eax

reset32:
	movw	$SELECTOR_DATA, %ax
	movw	%ax, %ds
	movw	%ax, %es
	movw	%ax, %ss
	movb	$SELECTOR_GUARD, %al
	movw	%ax, %fs

	movl	$0x80000001, %eax
	cpuid
	btl	$29, %edx /* SDM 2A, CPUID: long mode */
	jnc	no_long_mode
	movl	%edx, %ebp

	/*
	 * A reset clears LSTAR. If it is set, a 64-bit kernel has jumped here
	 * as its last resort to restart the machine, with everything else still
	 * running.
	 */
	movl	$MSR_LSTAR, %ecx
	rdmsr
	testl	%eax, %eax
	jnz	restart

	movl	$IN_ROM(1f), %edi
	jmp	shadow_ram
1:	movl	$STACK_TOP, %esp
	pushl	$SELECTOR_CODE64
	pushl	$reset64
	movl	$BLOB_BASE, %ebx
	movl	%ebp, %edx
	jmp	long_mode

	/*
	 * Reset by the reset control register, the 8042, microvm's event
	 * device, and at last by a triple fault.
	 */
restart:
	movw	$0xcf9, %dx
	movb	$6, %al
	outb	%al, %dx
	movb	$0xfe, %al
	outb	%al, $0x64
	movb	$0x42, 0xfea00202
	lidt	IN_ROM(no_idt)
	int3

no_ram:
	movl	$IN_LOW(text_no_ram), %esi
	jmp	stop_with_line
no_long_mode:
	movl	$IN_ROM(text_no_long_mode), %esi
	jmp	stop_with_line

no_idt:
	.word	0
	.long	0

text_no_ram:
	.asciz	"directboot: RAM: none at 1 MiB\r\n"

	.code64
reset64:
	movl	$STACK_TOP, %esp
	rdtsc
	shlq	$32, %rdx
	orq	%rdx, %rax
	movq	%rax, %rdx
	movl	$BOOT_BASE, %edi
	movl	%ebx, %esi
	call	reset_main
	ud2

	/*
	 * Each vector's stub has BLOB_EXCEPTION_SIZE bytes, at a fixed place
	 * that idt.c points to. All of them reach the code behind them by a
	 * short jump.
	 */
	.section .exceptions, "ax"
	.set	vector, 0
	.rept	TIMER_VECTOR
	.org	vector * BLOB_EXCEPTION_SIZE
	pushq	$vector
	jmp	exception
	.set	vector, vector + 1
	.endr
	.org	TIMER_VECTOR * BLOB_EXCEPTION_SIZE
	jmp	timer
exception:
	/* The stack has vector, error code and RIP; SDM 3A figure 6-9. */
	popq	%rdi
	movl	$VECTORS_WITH_ERROR, %eax
	btl	%edi, %eax
	jc	1f
	pushq	$0
1:	popq	%rsi
	popq	%rdx
	movq	%cr2, %rcx
	andq	$-16, %rsp
	call	exception_report
	ud2
	/* TIMER_VECTOR has no purpose but to wake the CPU up. */
timer:
	pushq	%rax
	movl	$LAPIC_BASE, %eax
	movl	$0, 0xb0(%rax) /* end of interrupt */
	popq	%rax
	iretq

	.section .record, "a"
	.ascii	"DBRECORD"
	.quad	0, 0, 0

	.section .reset_vector, "ax"
	.code16
	/* This is a jump to reset16. It wraps around at 64 KiB, which lld takes for
	 * an error, so the linker script has the distance. */
	.byte	0xe9
	.word	reset_jump
	.balign	16, 0
