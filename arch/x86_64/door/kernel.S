/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/door/kernel.S - the blob as a kernel: its entries
 *
 * A VMM that takes a kernel takes the blob (header.S). It enters the blob by
 * PVH (Xen docs/misc/pvh.pandoc) or by Linux's 32-bit or 64-bit protocol (Linux
 * Documentation/arch/x86/boot.rst). The blob then lies in RAM, on any page
 * below 1 GiB, perhaps without its first page.
 */
#include "arch/x86_64/lib/regs.h"
#include "arch/x86_64/memmap.h"

	.section .door, "ax"
	.code32
	/* boot.rst, "32-bit BOOT PROTOCOL": ESI = boot_params. */
entry32:
	movl	$DOOR_IS_LINUX, %ebp
	jmp	1f
	/* reset.S has copied the blob to RAM. */
	.globl	entry_copied
entry_copied:
	movl	$DOOR_IS_RESET, %ebp
	jmp	1f
	.org	BLOB_ENTRY_PVH - BLOB_ENTRY32
	/* PVH: 32-bit, no paging, EBX = start info. */
	movl	$DOOR_IS_PVH, %ebp
	movl	%ebx, %esi
1:	cli
	cld
	movl	$STACK_TOP, %esp
	call	2f
2:	popl	%ebx
	subl	$(2b - BLOB_VADDR), %ebx /* the blob's start */

	movl	$0x80000001, %eax
	pushl	%ebx
	cpuid
	popl	%ebx
	btl	$29, %edx
	jnc	no_long_mode_in_ram
	movl	%edx, %edi /* has the bit for no-execute pages */

	/* The VMM's data may be anywhere in the first GiB. */
	cmpl	$(DOOR_MAP_END - BLOB_SIZE), %ebx
	ja	too_high
	pushl	%edi
	leal	(3f - BLOB_VADDR)(%ebx), %edi
	jmp	shadow_ram
3:	leal	(gdt - BLOB_VADDR)(%ebx), %eax
	movl	%eax, (gdt_pointer - BLOB_VADDR + 2)(%ebx)
	lgdt	(gdt_pointer - BLOB_VADDR)(%ebx)
	movl	$SELECTOR_DATA, %eax
	movw	%ax, %ds
	movw	%ax, %es
	movw	%ax, %ss
	movb	$SELECTOR_GUARD, %al
	movw	%ax, %fs
	popl	%edx
	pushl	$SELECTOR_CODE64
	pushl	$entered
	jmp	long_mode

no_long_mode_in_ram:
	leal	(text_no_long_mode - BLOB_VADDR)(%ebx), %esi
	jmp	stop_with_line
too_high:
	leal	(text_too_high - BLOB_VADDR)(%ebx), %esi
	jmp	stop_with_line
text_too_high:
	.asciz	"directboot: blob: loaded beyond 1 GiB\r\n"

	.code64
entered:
	movl	%ebx, %edx
	movl	%esi, %ecx
	movl	%ebp, %esi
	movl	$BOOT_BASE, %edi
	call	door_main
	ud2

	/*
	 * boot.rst, "64-bit BOOT PROTOCOL": RSI = boot_params. This code leaves
	 * the VMM's paging, which must identity map the blob, and goes on at
	 * entry32. The linker script has it at BLOB_ENTRY64.
	 */
	.section .door.entry64, "ax"
	.globl	entry64
entry64:
	cli
	movl	$STACK_TOP, %esp
	leaq	gdt(%rip), %rax
	pushq	%rax
	pushw	$(SELECTOR_DATA + 7)
	lgdt	(%rsp)
	leaq	5f(%rip), %rax
	movq	%rsi, %rcx
	shrq	$32, %rcx
	jz	1f
	xorl	%esi, %esi /* out of reach; 0 will be refused */
1:	pushq	$SELECTOR_CODE32
	pushq	%rax
	lretq
	.code32
5:	movl	$SELECTOR_DATA, %eax
	movw	%ax, %ds
	movw	%ax, %es
	movw	%ax, %ss
	movl	$(CR0_NE | CR0_ET | CR0_PE), %eax
	movl	%eax, %cr0
	jmp	entry32
