/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * linker/x86_64.ld.S - the x86_64 blob: 64 KiB
 *
 * A VMM has it below 4 GiB, or in RAM as its kernel. All but the way to long
 * mode runs at the virtual address that it is linked for. Everything is
 * read-only; there is no .data and no .bss. Most of the first page stays free of
 * code: kvmtool writes its MP table there.
 */
#include "arch/x86_64/memmap.h"

#define LAST_PAGE (BLOB_SIZE - 0x1000)

OUTPUT_FORMAT(elf64-x86-64)
OUTPUT_ARCH(i386:x86-64)
ENTRY(reset_vector)

MEMORY {
	header     : ORIGIN = BLOB_VADDR, LENGTH = BLOB_ENTRY32
	main       : ORIGIN = BLOB_VADDR + BLOB_ENTRY32, LENGTH = BLOB_EXCEPTIONS - BLOB_ENTRY32
	exceptions : ORIGIN = BLOB_VADDR + BLOB_EXCEPTIONS, LENGTH = BLOB_RECORD - BLOB_EXCEPTIONS
	end        : ORIGIN = BLOB_VADDR + BLOB_RECORD, LENGTH = BLOB_SIZE - BLOB_RECORD
}

SECTIONS {
	.header : { KEEP(*(.header)) } > header
	.reset : { KEEP(*(.reset)) } > header
	.main : {
		KEEP(*(.door))
		/* This has room between the entries. */
		*(.door.between .text.copy)
		. = ALIGN(BLOB_ENTRY64 - BLOB_ENTRY32);
		KEEP(*(.door.entry64))
		KEEP(*(.door.again))
		KEEP(*(.door.page))
		door_end = .;
		*(.rodata .rodata.*)
		*(.text .text.*)
		/*
		 * A VMM may have the blob below 1 MiB in pages of 4 KiB. What
		 * runs there is on the page of the record, which is read first.
		 */
		. = MAX(., LAST_PAGE - BLOB_ENTRY32);
		KEEP(*(.reset16))
	} > main
	.exceptions : { KEEP(*(.exceptions)) } > exceptions
	.record : { KEEP(*(.record)) } > end
	.reset_vector (BLOB_VADDR + BLOB_RESET_VECTOR) : {
		reset_vector = .;
		KEEP(*(.reset_vector))
	} > end
	blob_end = .;
	reset_jump = (reset16 - reset_vector - 3) & 0xffff;

#include "linker/common.ld.h"
}

ASSERT(blob_end == BLOB_VADDR + BLOB_SIZE, "blob: the reset vector is its end")
ASSERT(entry64 == BLOB_VADDR + BLOB_ENTRY64, "blob: .door.between is too large")
ASSERT(SIZEOF(.reset_vector) == 16, "blob: the reset vector takes 16 bytes")
ASSERT(SIZEOF(.record) == 32, "blob: the bundle record takes 32 bytes")

/* igvm/again.S: what a second start runs is on the page of the entry. */
ASSERT(door_end <= BLOB_VADDR + BLOB_ENTRY32 + 4096, "blob: again.S lies beyond a page")
