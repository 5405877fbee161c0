/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/door/first_tables.h - the page tables that long mode is entered
 * with
 *
 * In RAM, although constant: a processor with nested paging takes each walk of
 * page tables for a write, whatever their entries say (SDM 3C, "Accessed and
 * Dirty Flags for EPT"; APM 2, "Nested Paging"), and where they are in ROM, KVM
 * would emulate every instruction, or not get on at all. For assembly.
 *
 * Only entries that are used are written; paging.c knows which. 2 MiB pages:
 * SDM 3A section 4.5.4.
 */
#ifndef ARCH_X86_64_DOOR_FIRST_TABLES_H
#define ARCH_X86_64_DOOR_FIRST_TABLES_H

#include "arch/x86_64/memmap.h"
#include "arch/x86_64/lib/regs.h"

/* Offsets in the table for the last of four GiB */
#define PD_HIGH_ECAM (((BLOB_MAP_ECAM_BASE - 0xc0000000) >> 21) * 8)
#define PD_HIGH_TOP  (((BLOB_MAP_HIGH_BASE - 0xc0000000) >> 21) * 8)
#define PD_HIGH_LAST (511 * 8)
#define LAST_PAGE    0xffe00000

/* clang-format off */

	/* 32-bit code, flat segments. Maps the first page and the last; EAX is 0. */
	.macro	first_tables
	xorl	%eax, %eax
	movl	$(FIRST_PDPT + PTE_TABLE), FIRST_PML4
	movl	%eax, FIRST_PML4 + 4
	movl	$(FIRST_PD_LOW + PTE_TABLE), FIRST_PDPT
	movl	%eax, FIRST_PDPT + 4
	movl	$(FIRST_PD_HIGH + PTE_TABLE), FIRST_PDPT + 3 * 8
	movl	%eax, FIRST_PDPT + 3 * 8 + 4
	movl	$PTE_LARGE, FIRST_PD_LOW
	movl	%eax, FIRST_PD_LOW + 4
	movl	$(LAST_PAGE + PTE_LARGE), FIRST_PD_HIGH + PD_HIGH_LAST
	movl	%eax, FIRST_PD_HIGH + PD_HIGH_LAST + 4
	.endm

/* clang-format on */

#endif
