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

MEMORY {
	header     : ORIGIN = BLOB_BASE, LENGTH = BLOB_ENTRY32
	main       : ORIGIN = BLOB_BASE + BLOB_ENTRY32, LENGTH = BLOB_EXCEPTIONS - BLOB_ENTRY32
	exceptions : ORIGIN = BLOB_BASE + BLOB_EXCEPTIONS, LENGTH = BLOB_RECORD - BLOB_EXCEPTIONS
	end        : ORIGIN = BLOB_BASE + BLOB_RECORD, LENGTH = BLOB_SIZE - BLOB_RECORD
}

SECTIONS {
	blob_start = BLOB_BASE;
	.header : { KEEP(*(.header)) } > header
	.main : {
		KEEP(*(.door))
		KEEP(*(.reset16))
		*(.rodata .rodata.*)
		*(.text .text.*)
	} > main
	.exceptions : { KEEP(*(.exceptions)) } > exceptions
	.record : { KEEP(*(.record)) } > end
	.reset_vector (BLOB_BASE + BLOB_RESET_VECTOR) : {
		reset_vector = .;
		KEEP(*(.reset_vector))
	} > end
	blob_end = .;
	reset_jump = (reset16 - reset_vector - 3) & 0xffff;

#include "linker/common.ld.h"
}

ASSERT(blob_end == 0x100000000, "blob: the reset vector must end at 4 GiB")
ASSERT(SIZEOF(.reset_vector) == 16, "blob: the reset vector takes 16 bytes")
ASSERT(SIZEOF(.record) == 32, "blob: the bundle record takes 32 bytes")
