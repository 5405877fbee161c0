/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * linker/x86_64.ld.S - the x86_64 blob: 64 KiB that end at 4 GiB
 *
 * Everything is read-only and position independent; there is no .data and no
 * .bss. The first page stays free of code: kvmtool writes its MP table there.
 */
#include "arch/x86_64/memmap.h"

OUTPUT_FORMAT(elf64-x86-64)
OUTPUT_ARCH(i386:x86-64)
ENTRY(reset_vector)

SECTIONS {
	. = BLOB_BASE;
	blob_start = .;
	.header : { KEEP(*(.header)) }
	blob_header_end = .;

	.door (BLOB_BASE + BLOB_ENTRY32) : { KEEP(*(.door)) }
	.text : { *(.text .text.*) }
	.rodata : { *(.rodata .rodata.*) }
	blob_code_end = .;

	.page_tables (BLOB_BASE + BLOB_PAGE_TABLES) : { *(.page_tables) }
	.reset16 (BLOB_BASE + BLOB_RESET) : { KEEP(*(.reset16)) }
	blob_reset_end = .;
	.exceptions (BLOB_BASE + BLOB_EXCEPTIONS) : { KEEP(*(.exceptions)) }
	blob_exceptions_end = .;
	.record (BLOB_BASE + BLOB_RECORD) : { KEEP(*(.record)) }
	.reset_vector (BLOB_BASE + BLOB_RESET_VECTOR) : {
		reset_vector = .;
		KEEP(*(.reset_vector))
	}
	blob_end = .;

#include "linker/common.ld.h"
}

ASSERT(blob_end == 0x100000000, "blob: the reset vector must end at 4 GiB")
ASSERT(SIZEOF(.reset_vector) == 16, "blob: the reset vector takes 16 bytes")
ASSERT(SIZEOF(.record) == 32, "blob: the bundle record takes 32 bytes")
ASSERT(blob_code_end <= BLOB_BASE + BLOB_PAGE_TABLES, "blob: code runs into the page tables")
ASSERT(blob_header_end <= BLOB_BASE + BLOB_ENTRY32, "blob: the headers run into the entries")
ASSERT(blob_reset_end <= BLOB_BASE + BLOB_EXCEPTIONS, "blob: reset code runs into the exceptions")
ASSERT(blob_exceptions_end <= BLOB_BASE + BLOB_RECORD, "blob: exceptions run into the bundle record")
