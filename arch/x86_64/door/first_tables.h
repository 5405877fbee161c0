/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/door/first_tables.h - page tables that long mode is entered with
 *
 * The tables are in RAM. A processor with nested paging takes each walk of page
 * tables for a write, whatever their entries say (SDM 3C, "Accessed and Dirty
 * Flags for EPT"; APM 2, "Nested Paging"). If they were in ROM, KVM would
 * emulate every instruction, or would not get on at all. Pages have 2 MiB: SDM
 * 3A section 4.5.4. This file is for assembly.
 */
#ifndef ARCH_X86_64_DOOR_FIRST_TABLES_H
#define ARCH_X86_64_DOOR_FIRST_TABLES_H

#include "arch/x86_64/lib/regs.h"
#include "arch/x86_64/memmap.h"

#define FIRST_TABLES_SIZE 0x4000

/* Offsets of entries in the table for the last of four GiB. */
#define PD_HIGH_ECAM (((BLOB_MAP_ECAM_BASE - 0xc0000000) >> 21) * 8)
#define PD_HIGH_TOP  (((BLOB_MAP_HIGH_BASE - 0xc0000000) >> 21) * 8)

/* clang-format off */

	/*
	 * A macro for 32-bit code with flat segments. It maps 2 MiB pages from
	 * 0 up to low_end, which is at most 1 GiB, from BLOB_MAP_HIGH_BASE up
	 * to 4 GiB, and one at BLOB_MAP_ECAM_BASE. It changes EAX, ECX and EDI.
	 */
	.macro	first_tables low_end
	movl	$FIRST_PML4, %edi
	movl	$(FIRST_TABLES_SIZE / 4), %ecx
	xorl	%eax, %eax
	rep stosl

	movl	$(FIRST_PDPT + PTE_TABLE), FIRST_PML4
	movl	$(FIRST_PD_LOW + PTE_TABLE), FIRST_PDPT
	movl	$(FIRST_PD_HIGH + PTE_TABLE), FIRST_PDPT + 3 * 8
	movl	$PAGE_TABLE_BASE, PAGE_TABLE_NEXT
	movl	$0, PAGE_TABLE_NEXT + 4

	movl	$FIRST_PD_LOW, %edi
	movl	$PTE_LARGE, %eax
.Lmap_low\@:
	movl	%eax, (%edi)
	addl	$8, %edi
	addl	$0x200000, %eax
	cmpl	$(\low_end + PTE_LARGE), %eax
	jb	.Lmap_low\@

	movl	$(FIRST_PD_HIGH + PD_HIGH_TOP), %edi
	movl	$(BLOB_MAP_HIGH_BASE + PTE_LARGE), %eax
.Lmap_high\@:
	movl	%eax, (%edi)
	addl	$8, %edi
	addl	$0x200000, %eax /* wraps behind the last page */
	jnc	.Lmap_high\@
	movl	$(BLOB_MAP_ECAM_BASE + PTE_LARGE), FIRST_PD_HIGH + PD_HIGH_ECAM
	.endm

/* clang-format on */

#endif
