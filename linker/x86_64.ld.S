/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * linker/x86_64.ld.S - the x86_64 blob: 64 KiB that end at 4 GiB
 *
 * Everything is read-only and position independent; there is no .data and no
 * .bss. The first page stays free of code: kvmtool writes its MP table there.
 *
 * Code and constants go wherever there is room between what has a fixed place:
 * the linker runs with --enable-non-contiguous-regions, so that a function or
 * constant that does not fit one output section goes to the next that names it.
 */
#include "arch/x86_64/memmap.h"

OUTPUT_FORMAT(elf64-x86-64)
OUTPUT_ARCH(i386:x86-64)
ENTRY(reset_vector)

/* Of the blob's pages of page tables, only part is ever walked: see reset.S. */
MEMORY {
	none       : ORIGIN = BLOB_BASE - BLOB_SIZE, LENGTH = BLOB_SIZE
	header     : ORIGIN = BLOB_BASE, LENGTH = BLOB_ENTRY32
	main       : ORIGIN = BLOB_BASE + BLOB_ENTRY32, LENGTH = BLOB_PDPT - BLOB_ENTRY32
	pdpt       : ORIGIN = BLOB_BASE + BLOB_PDPT, LENGTH = 0x1000
	pd         : ORIGIN = BLOB_BASE + BLOB_PDPT + 0x1000, LENGTH = 0x2000
	reset16    : ORIGIN = BLOB_BASE + BLOB_RESET, LENGTH = BLOB_EXCEPTIONS - BLOB_RESET
	exceptions : ORIGIN = BLOB_BASE + BLOB_EXCEPTIONS, LENGTH = BLOB_RECORD - BLOB_EXCEPTIONS
	end        : ORIGIN = BLOB_BASE + BLOB_RECORD, LENGTH = BLOB_SIZE - BLOB_RECORD
}

SECTIONS {
	blob_start = BLOB_BASE;
	.header : { KEEP(*(.header)) } > header
	.pdpt : { *(.pdpt) *(.text .text.*) } > pdpt
	.reset16 : { KEEP(*(.reset16)) *(.text .text.*) } > reset16
	.exceptions : { KEEP(*(.exceptions)) *(.text .text.*) } > exceptions
	.main : { KEEP(*(.door)) *(.text .text.*) *(.rodata .rodata.*) } > main
	.pd : { *(.pd) } > pd
	.record : { KEEP(*(.record)) } > end
	.reset_vector (BLOB_BASE + BLOB_RESET_VECTOR) : {
		reset_vector = .;
		KEEP(*(.reset_vector))
	} > end
	blob_end = .;
	.too_much : { *(.text .text.*) *(.rodata .rodata.*) } > none

#include "linker/common.ld.h"
}

ASSERT(blob_end == 0x100000000, "blob: the reset vector must end at 4 GiB")
ASSERT(SIZEOF(.reset_vector) == 16, "blob: the reset vector takes 16 bytes")
ASSERT(SIZEOF(.record) == 32, "blob: the bundle record takes 32 bytes")
ASSERT(SIZEOF(.too_much) == 0, "blob: more code and constants than fit")
