/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/aarch64/memmap.h - addresses and sizes that the AArch64 blob chooses
 *
 * C, assembly and linker/aarch64.ld.S read this file, so it has plain numbers
 * only. Sizes are in bytes. The blob runs wherever it lies, and RAM starts
 * wherever the VMM says. M is the start of RAM.
 *
 *   M + 0010_0000  work area, behind the FDT, if the blob runs from ROM; else
 *                  behind the blob and its bundle. It is free once Linux runs
 *   M + 0080_0000  EFI memory map, one page
 *   M + 0080_1000  EFI system table and what it points to, SMBIOS entry point
 *   M + 0080_2000  RSDP                      ACPI 6.4, section 5.2.5.3
 *   M + 0080_3000  ACPI tables, then SMBIOS structures
 *   M + 0100_0000  initrd, then at multiples of 2 MiB kernel and FDT
 *
 * OpenVMM's Linux direct boot has the same map. If a place is not free RAM, its
 * contents go elsewhere.
 */
#ifndef ARCH_AARCH64_MEMMAP_H
#define ARCH_AARCH64_MEMMAP_H

/*
 * Every known VMM has flash and devices below this address. RAM of QEMU's virt
 * machine starts here.
 */
#define LOWEST_RAM_BASE   0x40000000

#define EFI_MAP_OFFSET    0x00800000
#define EFI_MAP_SIZE      0x00001000
#define EFI_TABLES_OFFSET 0x00801000
#define EFI_TABLES_SIZE   0x00001000
#define SMBIOS_OFFSET     0x00801800 /* the entry point, after the EFI tables */
#define RSDP_OFFSET       0x00802000
#define RSDP_SIZE         0x00001000
#define ACPI_OFFSET       0x00803000
#define ACPI_SIZE         0x0007d000
#define INITRD_OFFSET     0x01000000

#define STUB_FDT_SIZE     0x2000

/* The full tree has a fixed part, and parts for CPUs, slots and distances. */
#define FULL_FDT_SIZE          0xc000
#define FULL_FDT_CPU_SIZE      0x180
#define FULL_FDT_SLOT_SIZE     0x100
#define FULL_FDT_RAM_SIZE      0x200
#define FULL_FDT_DISTANCE_SIZE 12

/* EFI areas of different types must not share a page of the largest size. */
#define EFI_PAGE_ALIGN 0x10000
#define KERNEL_ALIGN   0x200000

/*
 * The work area holds struct work of door/reset.c, then a guard that is not
 * mapped, then the stack. No function's frame is as large as the guard, which
 * scripts/stack.py proves.
 */
#define WORK_SIZE    0x40000
#define GUARD_OFFSET 0x28000
#define STACK_OFFSET 0x30000
#define WORK_ALIGN   0x20000
#define FDT_SIZE_MAX 0x200000

/* The first root of paging.c maps 42 bits. All RAM that we use is below. */
#define MAPPED_END 0x40000000000

#endif
