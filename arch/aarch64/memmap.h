/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/aarch64/memmap.h - addresses and sizes that the AArch64 blob chooses
 *
 * Read by C, by assembly and by linker/aarch64.ld.S: plain numbers only. The
 * blob runs wherever it lies, and RAM starts wherever the VMM says (M).
 *
 *   M + 0020_0000  work area, if the blob runs from ROM; else behind the blob
 *                  and its bundle. Free once Linux runs
 *   M + 0080_0000  EFI memory map, one page
 *   M + 0080_1000  EFI system table and what it points to
 *   M + 0080_2000  RSDP                      ACPI 6.4, section 5.2.5.3
 *   M + 0080_3000  ACPI tables, then SMBIOS structures
 *   M + 0100_0000  initrd, then at multiples of 2 MiB kernel and FDT
 *
 * as OpenVMM's Linux direct boot has it; where that is not free RAM, each is
 * put elsewhere.
 */
#ifndef ARCH_AARCH64_MEMMAP_H
#define ARCH_AARCH64_MEMMAP_H

/* Below are flash and devices of every VMM known; also QEMU's RAM base. */
#define LOWEST_RAM_BASE   0x40000000

#define EFI_MAP_OFFSET    0x00800000
#define EFI_MAP_SIZE      0x00001000
#define EFI_TABLES_OFFSET 0x00801000
#define EFI_TABLES_SIZE   0x00001000
#define SMBIOS_OFFSET     0x00801800 /* its entry point, in the same page */
#define RSDP_OFFSET       0x00802000
#define RSDP_SIZE         0x00001000
#define ACPI_OFFSET       0x00803000
#define ACPI_SIZE         0x0007d000
#define INITRD_OFFSET     0x01000000

#define STUB_FDT_SIZE     0x2000

/* Bytes of the full tree: what it has anyway, and what comes in numbers. */
#define FULL_FDT_SIZE          0x8000
#define FULL_FDT_CPU_SIZE      0x180
#define FULL_FDT_SLOT_SIZE     0x100
#define FULL_FDT_DISTANCE_SIZE 12

/* Whatever differs in type lies on borders of the largest page size. */
#define EFI_PAGE_ALIGN 0x10000
#define KERNEL_ALIGN   0x200000

/* The work area: struct work of door/reset.c, then the stack. */
#define WORK_SIZE       0x40000
#define STACK_SIZE_MIN  0x10000
#define WORK_ALIGN      0x20000
#define WORK_ROM_OFFSET 0x200000 /* from the FDT on: its greatest size */
#define FDT_SIZE_MAX    0x200000

/* What paging.c maps at first, which no machine's RAM reaches: 42 bits. */
#define MAPPED_END 0x40000000000

#endif
