/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/memmap.h - every physical address that the x86_64 blob owns
 *
 * C, assembly and linker/x86_64.ld.S read this file, so it has plain numbers
 * only. All values are bytes; ranges are [base, base + size). Below 1 MiB the
 * map is that of OpenVMM's Linux direct boot, so that a kernel sees the same
 * map either way.
 *
 *   0000_1000  AP trampoline; free once the processors are parked, but ours for
 *              good if more of them may come than are known
 *   0000_1e00  setup_data with a random seed that came through a door
 *   0000_2000  zero page         Linux Documentation/arch/x86/boot.rst
 *   0000_3000  command line, if it fits in a page
 *   0000_4000  further page tables, as they are needed (paging.c)
 *   0001_8000  RSDP, if E0000 is not RAM of ours; from 0001_9000 on ACPI
 *              tables, then SMBIOS structures. All of it lies elsewhere if
 *              the VMM has tables of its own there
 *   0007_0000  struct boot; free once Linux runs, as all up to 0009_bfff
 *   0008_5000  the first page tables (long_mode.S, paging.c)
 *   0008_c000  command line of a VMM that takes the blob for a kernel, until
 *              the kernel's own is in place
 *   0009_0000  no page, so that a stack that grows too deep ends the boot
 *   0009_1000  stack; on the page of its top IDT, GDT, TSS, three words,
 *              scratch area, whose end is the stack of exceptions
 *   000a_0000  no RAM: the blob runs at this virtual address, see long_mode.S
 *   000e_0000  RSDP              ACPI 6.4, section 5.2.5.1
 *   000f_0000  SMBIOS 3 entry    DSP0134 3.4, section 5.2.2
 *   000f_0020  PCI interrupt routing table, MP table; no_acpi.c
 *   000f_fff0  code that restarts the machine, for a jump to F000:FFF0
 *   0010_0000  kernel, initrd: where memory_alloc() finds room
 *   fec0_0000  I/O APIC          82093AA datasheet, section 3.0
 *   fed0_0000  HPET              IA-PC HPET specification, section 3.2
 *   fee0_0000  local APIC        SDM 3A, "Local APIC"
 *   ffff_0000  this blob, up to the reset vector at ffff_fff0
 */
#ifndef ARCH_X86_64_MEMMAP_H
#define ARCH_X86_64_MEMMAP_H

#define AP_TRAMPOLINE_BASE 0x00001000
#define SEED_BASE          0x00001e00
#define SEED_SIZE          0x00000100
#define ZERO_PAGE_BASE     0x00002000
#define CMDLINE_BASE       0x00003000
#define CMDLINE_SIZE       0x00001000
#define PAGE_TABLE_BASE    0x00004000
#define PAGE_TABLE_END     0x00018000
#define LOW_TABLES_BASE    0x00018000
#define LOW_TABLES_SIZE    0x00058000
#define BOOT_BASE          0x00070000
#define BOOT_END           0x00090000
#define LOW_ALIAS_PDPT     0x00085000
#define LOW_ALIAS_PD       0x00086000
#define FIRST_PT           0x00087000
#define FIRST_PML4         0x00088000
#define FIRST_PDPT         0x00089000
#define FIRST_PD_LOW       0x0008a000
#define FIRST_PD_HIGH      0x0008b000
#define FIRST_TABLES_SIZE  0x00005000
#define STACK_GUARD        0x00090000
#define STACK_BASE         0x00091000
#define STACK_TOP          0x00097b00
#define IDT_BASE           0x00097b00 /* 16 bytes a vector, see door/idt.c */
#define GDT_BASE           0x00097d10
#define TSS_BASE           0x00097d4c /* its one word that counts is aligned */
#define PAGE_NO_EXECUTE    0x00097de8 /* a word: that bit of pages, or 0 */
#define HOST_BRIDGE_ID     0x00097df0 /* half a word, by door/shadow.S */
#define CPU_EXTENDED       0x00097df4 /* CPUID's EDX, by door/long_mode.S */
#define PAGE_TABLE_NEXT    0x00097df8 /* a word: the next free page table */
#define SCRATCH_BASE       0x00097e00 /* on the page of the stack's top */
#define SCRATCH_SIZE       0x00004000
#define LOW_RAM_CLAIM_END  0x0009c000
#define LOW_RAM_END        0x000a0000
#define IBFT_BASE          0x00080000 /* from here on Linux looks for one */
#define OPTION_ROM_BASE    0x000c0000
#define RSDP_BASE          0x000e0000
#define SMBIOS_BASE        0x000f0000
#define NO_ACPI_BASE       0x000f0020
#define NO_ACPI_SIZE       0x7e0
#define SMBIOS_HIGH_BASE   0x000fffc0 /* where the VMM may use what is below */
#define RESTART_BASE       0x000ffff0
#define HIGH_RAM_BASE      0x00100000
#define INITRD_ALIGN       0x00200000
#define LOW_ALIAS          0x400000000000 /* all of the lowest 2 MiB, as data */
#define KERNEL_ADDRESS_MAX 0x400000000000 /* what Linux can map: 46 bits */

#define IOAPIC_BASE        0xfec00000
#define HPET_BASE          0xfed00000
#define VTD_BASE           0xfed90000
#define LAPIC_BASE         0xfee00000

#define BLOB_SIZE          0x10000
#define BLOB_BASE          0xffff0000 /* where the VMM has it at reset */
#define BLOB_VADDR         0x000a0000 /* where it runs once paging is on */
#define BLOB_ENTRY32       0x1000     /* offsets in the blob, see kernel.S */
#define BLOB_ENTRY_PVH     0x1010
#define BLOB_ENTRY64       0x1200
#define BLOB_EXCEPTIONS    0xff00 /* see reset.S */
#define BLOB_RECORD        0xffc0
#define BLOB_RESET_VECTOR  0xfff0

/*
 * For the blob as a kernel: where its ELF header wants it, and the end of what
 * its page tables map.
 */
#define DOOR_ELF_BASE     0x00200000
#define DOOR_MAP_END      0x40000000
#define DOOR_CMDLINE_BASE 0x0008c000 /* the VMM's command line, copied */
#define DOOR_CMDLINE_SIZE 0x00004000

/*
 * For a ROM that is only below 1 MiB: where all of it is, and where it is
 * copied to.
 */
#define LOW_BIOS_BASE       0x000e0000
#define LOW_BIOS_SIZE       0x00020000
#define LOW_BIOS_COPY       0x00100000
#define LOW_BIOS_COPY_BLOB  0x00110000

#define BLOB_EXCEPTION_SIZE 4 /* bytes of a vector's stub */

/* These are enum door of common/machine/handoff.h. */
#define DOOR_IS_RESET 1
#define DOOR_IS_PVH   2
#define DOOR_IS_LINUX 3

/* What paging_start() maps behind the reset vector's door. */
#define BLOB_MAP_LOW_END   0x08000000
#define BLOB_MAP_ECAM_BASE 0xe0000000
#define BLOB_MAP_HIGH_BASE 0xfe000000

#define SELECTOR_CODE32    0x08
#define SELECTOR_CODE64    0x10 /* boot.rst: __BOOT_CS */
#define SELECTOR_DATA      0x18 /* boot.rst: __BOOT_DS */
#define SELECTOR_GUARD     0x20 /* libfdt reads its stack guard at FS:0x28 */
#define SELECTOR_TSS       0x28

#define TIMER_VECTOR       0x20

#endif
