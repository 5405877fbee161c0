/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * linker/aarch64.ld.S - the AArch64 blob: a flat image that runs anywhere
 *
 * Its start is at once the arm64 Image header and the reset vector. All is
 * read-only and position independent; there is no .data and no .bss. Code and
 * constants are in pages of their own.
 */
#include "arch/aarch64/memmap.h"

OUTPUT_FORMAT(elf64-littleaarch64)
OUTPUT_ARCH(aarch64)
ENTRY(image_header)

SECTIONS {
	. = 0;
	.header : { KEEP(*(.header)) }
	.record 0x40 : { KEEP(*(.record)) }
	.entry : { KEEP(*(.entry)) }
	blob_entry_end = .;
	.vectors 0x200 : { KEEP(*(.vectors)) }
	.aarch32 0x404 : { KEEP(*(.aarch32)) }
	.text : { *(.text .text.*) . = ALIGN(4096); }
	blob_code_size = .;
	.rodata : { *(.rodata .rodata.*) }
	.pad : { BYTE(0) . = ALIGN(16); }
	blob_end = .;

	.eh_frame 0 (INFO) : { *(.eh_frame*) }
#include "linker/common.ld.h"
}

blob_image_size = ALIGN(blob_end + WORK_SIZE + WORK_ALIGN, 4096);

ASSERT(SIZEOF(.record) == 32, "blob: the bundle record takes 32 bytes")
ASSERT(blob_entry_end <= 0x200, "blob: entry code runs into the vectors")
ASSERT(SIZEOF(.vectors) == 0x200, "blob: there are four vectors")
#ifndef STRICT_ALIGNMENT /* a test build, which takes more */
ASSERT(blob_end <= 0x14000, "blob: more than 80 KiB")
#endif
