/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/door/long_mode.S - from 32-bit code to the blob at BLOB_VADDR
 *
 * The page tables that this code makes map the lowest 2 MiB and, in 2 MiB
 * pages, what the blob lies in, all at itself; and the blob once more, read-only
 * where a PC has its VGA memory. paging_start() does the rest.
 *
 * The tables are in RAM. A processor with nested paging takes each walk of page
 * tables for a write, whatever their entries say (SDM 3C, "Accessed and Dirty
 * Flags for EPT"; APM 2, "Nested Paging"). If they were in ROM, KVM would
 * emulate every instruction, or would not get on at all.
 */
#include "arch/x86_64/lib/regs.h"
#include "arch/x86_64/memmap.h"

#define BLOB_PAGES (BLOB_SIZE >> 12)
#define PD_INDEX   0x3ff /* of the lowest and of the last of four GiB */

	.section .door.between, "ax"
	.code32
	/*
	 * 32-bit code with flat segments, at any address. EBX is where the blob
	 * lies, in the first or in the last of four GiB; EDX is what CPUID says
	 * in leaf 80000001. The stack has the far pointer to go on at. It
	 * changes EAX, ECX, EDX and EDI.
	 */
	.globl	long_mode
long_mode:
	movl	$FIRST_PT, %edi
	movl	$(FIRST_TABLES_SIZE / 4), %ecx
	xorl	%eax, %eax
	rep stosl
	movl	$(FIRST_PDPT + PTE_TABLE), FIRST_PML4
	movl	$(FIRST_PD_LOW + PTE_TABLE), FIRST_PDPT
	movl	$(FIRST_PD_HIGH + PTE_TABLE), FIRST_PDPT + 3 * 8
	movl	$PAGE_TABLE_BASE, PAGE_TABLE_NEXT
	movl	%eax, PAGE_TABLE_NEXT + 4

	/* The blob's last byte and its first one may be on two large pages. */
	leal	(BLOB_SIZE - 1)(%ebx), %edi
1:	movl	%edi, %eax
	shrl	$21, %eax
	movl	%eax, %ecx
	shll	$21, %eax
	movb	$PTE_LARGE, %al
	andl	$PD_INDEX, %ecx
	movl	%eax, FIRST_PD_LOW(, %ecx, 8)
	cmpl	%ebx, %edi
	movl	%ebx, %edi
	jne	1b
	movl	$(FIRST_PT + PTE_TABLE), FIRST_PD_LOW

	movl	$512, %ecx
	movl	$(0x1ff000 + PTE_PAGE), %eax
1:	movl	%eax, FIRST_PT - 8(, %ecx, 8)
	subl	$0x1000, %eax
	loop	1b
	movb	$BLOB_PAGES, %cl
	leal	(BLOB_SIZE - 0x1000 + PTE_CODE)(%ebx), %eax
1:	movl	%eax, FIRST_PT + (BLOB_VADDR >> 9) - 8(, %ecx, 8)
	subl	$0x1000, %eax
	loop	1b

	movl	$CR4_PAE, %eax
	movl	%eax, %cr4
	movl	$FIRST_PML4, %eax
	movl	%eax, %cr3
	movl	%edx, CPU_EXTENDED
	btl	$20, %edx /* no-execute pages */
	sbbl	%edx, %edx
	movl	%edx, %eax
	andl	$EFER_NXE, %eax
	orl	$EFER_LME, %eax
	shll	$31, %edx
	movl	%ecx, PAGE_NO_EXECUTE
	movl	%edx, PAGE_NO_EXECUTE + 4
	xorl	%edx, %edx
	movl	$MSR_EFER, %ecx
	wrmsr
	movl	$(CR0_PG | CR0_WP | CR0_NE | CR0_ET | CR0_PE), %eax
	movl	%eax, %cr0
	lret
