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

/* The table for the last of four GiB; where in it an address has its entry. */
#define PD_HIGH        (BLOB_BASE + BLOB_PDPT + 0x2000)
#define PD_HIGH_AT(a)  ((((a) - 0xc0000000) >> 21) * 8)

/* Of the blob's pages of page tables, only part is ever walked: see reset.S. */
MEMORY {
	none       : ORIGIN = BLOB_BASE - BLOB_SIZE, LENGTH = BLOB_SIZE
	header     : ORIGIN = BLOB_BASE, LENGTH = BLOB_ENTRY32
	main       : ORIGIN = BLOB_BASE + BLOB_ENTRY32, LENGTH = BLOB_PDPT - BLOB_ENTRY32
	pdpt       : ORIGIN = BLOB_BASE + BLOB_PDPT, LENGTH = 0x1000
	pd_low     : ORIGIN = BLOB_BASE + BLOB_PDPT + 0x1000, LENGTH = 0x1000
	pd_rest1   : ORIGIN = PD_HIGH, LENGTH = PD_HIGH_AT(BLOB_MAP_ECAM_BASE)
	pd_ecam    : ORIGIN = PD_HIGH + PD_HIGH_AT(BLOB_MAP_ECAM_BASE), LENGTH = 8
	pd_rest2   : ORIGIN = PD_HIGH + PD_HIGH_AT(BLOB_MAP_ECAM_BASE) + 8, LENGTH = PD_HIGH_AT(BLOB_MAP_HIGH_BASE) - PD_HIGH_AT(BLOB_MAP_ECAM_BASE) - 8
	pd_top     : ORIGIN = PD_HIGH + PD_HIGH_AT(BLOB_MAP_HIGH_BASE), LENGTH = 0x1000 - PD_HIGH_AT(BLOB_MAP_HIGH_BASE)
	reset16    : ORIGIN = BLOB_BASE + BLOB_RESET, LENGTH = BLOB_EXCEPTIONS - BLOB_RESET
	exceptions : ORIGIN = BLOB_BASE + BLOB_EXCEPTIONS, LENGTH = BLOB_RECORD - BLOB_EXCEPTIONS
	end        : ORIGIN = BLOB_BASE + BLOB_RECORD, LENGTH = BLOB_SIZE - BLOB_RECORD
}

SECTIONS {
	blob_start = BLOB_BASE;
	/* What is large comes first, then the small fill what is left all over. */
	.main : {
		KEEP(*(.door))
		*(.text.boot_main .text.describe_acpi* .text.zstd_*)
		*(.text.lz4_* .text.load_* .text.bundle_open .text.acpi_loader*)
		*(.text.door_main .text.arch_*)
		*(.rodata .rodata.*)
	} > main
	.header : { KEEP(*(.header)) } > header
	.pdpt : { *(.pdpt) *(.text .text.*) } > pdpt
	.reset16 : { KEEP(*(.reset16)) *(.text .text.*) } > reset16
	.exceptions : { KEEP(*(.exceptions)) *(.text .text.*) } > exceptions
	.pd : { *(.pd) } > pd_low
	blob_pd_high = PD_HIGH;
	.pd_rest1 : { *(.text .text.*) } > pd_rest1
	.pd_ecam : { KEEP(*(.pd_ecam)) } > pd_ecam
	.pd_rest2 : { *(.text .text.*) } > pd_rest2
	.rest : { *(.text .text.*) } > main
	.pd_top : { KEEP(*(.pd_top)) } > pd_top
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
