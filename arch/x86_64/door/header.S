/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/door/header.S - the first page: the blob as ELF and as bzImage
 *
 * System V ABI; Xen docs/misc/pvh.pandoc; Linux Documentation/arch/x86/boot.rst
 * and zero-page.rst. A loader of bzImages leaves this page below 1 MiB and puts
 * the rest, which starts with the entries of kernel.S, somewhere else. Any
 * other loader keeps both together. In the blob, only code of this page reads
 * the page. The host tool adapts its copy in a packed file.
 */
#include "arch/x86_64/memmap.h"
#include "arch/x86_64/lib/regs.h"

#define SETUP_SECTORS    (BLOB_ENTRY32 / 512 - 1)
#define BODY_SIZE        (BLOB_SIZE - BLOB_ENTRY32)
#define BZIMAGE_BASE     0x00100000

/* Offsets in struct boot_params, which this page becomes; see zero-page.rst. */
#define PARAMS_E820_COUNT 0x1e8
#define PARAMS_HEADER     0x1f1
#define PARAMS_CODE32     0x214
#define PARAMS_E820       0x2d0
#define PARAMS_E820_END   0xcd0
#define E820_ENTRY_SIZE   20
#define E820_SIGNATURE    0x534d4150 /* "SMAP", ACPI 6.4 section 15.1 */

	.section .header, "a"
page:
	/*
	 * System V ABI, "ELF Header": the header of a 64-bit executable for
	 * x86-64.
	 */
	.byte	0x7f, 'E', 'L', 'F', 2, 1, 1, 0
	.quad	0
	.word	2, 62
	.long	1
	.quad	DOOR_ELF_BASE + BLOB_ENTRY64
	.quad	program_headers - page
	.quad	0
	.long	0
	.word	64, 56, 2, 0, 0, 0
program_headers:
	.long	1, 7 /* PT_LOAD, RWX */
	.quad	0, DOOR_ELF_BASE, DOOR_ELF_BASE, BLOB_SIZE, BLOB_SIZE, 0x1000
	.long	4, 4 /* PT_NOTE, R */
	.quad	note - page
	.quad	note - page + DOOR_ELF_BASE
	.quad	note - page + DOOR_ELF_BASE
	.quad	24, 24, 4
	/* The note XEN_ELFNOTE_PHYS32_ENTRY tells the PVH entry. */
note:
	.long	4, 8, 18
	.asciz	"Xen"
	.quad	DOOR_ELF_BASE + BLOB_ENTRY_PVH

	/* boot.rst, "The Real-Mode Kernel Header" */
	.org	PARAMS_HEADER
	.byte	SETUP_SECTORS
	.word	0             /* root_flags */
	.long	BODY_SIZE / 16
	.word	0, 0xffff, 0  /* ram_size, vid_mode: as it is, root_dev */
	.word	0xaa55
	.code16
	.byte	0xeb, header_end - 1f
1:	.ascii	"HdrS"
	.word	0x20f         /* boot protocol 2.15 */
	.long	0             /* realmode_swtch */
	.word	0, version - page - 0x200
	.byte	0, 1          /* type_of_loader, loadflags: LOADED_HIGH */
	.word	0
code32_start:
	.long	BZIMAGE_BASE
	.long	0, 0, 0       /* ramdisk_image, ramdisk_size */
	.word	0
	.byte	0, 0
	.long	0             /* cmd_line_ptr */
	.long	0x7fffffff    /* initrd_addr_max */
	.long	0x1000        /* kernel_alignment */
	.byte	1, 12         /* relocatable_kernel, min_alignment */
	.word	1             /* XLF_KERNEL_64; not beyond 4 GiB */
	.long	DOOR_CMDLINE_SIZE - 1
	.long	0, 0, 0
	/*
	 * payload_offset, payload_length: there is no payload. Xen's builder
	 * moves into the payload of every bzImage before it looks whether it
	 * can unpack that, and forgets that the file is an ELF file. It stops
	 * before it moves if the payload begins behind the file's end.
	 */
	.long	0xffffffff, 0
	.quad	0             /* setup_data */
	.quad	DOOR_ELF_BASE + BLOB_ENTRY32
	.long	BODY_SIZE     /* init_size: all else is taken by memory map */
	.long	0, 0
header_end:
	jmp	setup

version:
	.asciz	"directboot"
	.org	PARAMS_E820

	/*
	 * Real mode with a stack; DS is this page / 16. CS:IP is DS + 20:0 by
	 * boot.rst, but DS:200 in kvmtool, so code finds its place by DS. The
	 * code makes of this page what ESI points to in the 32-bit protocol:
	 * from its header, and from the memory map that the BIOS tells.
	 */
	.org	PARAMS_E820_END
setup:
	cld
	movw	%ds, %ax
	movw	%ax, %es
	movw	%ax, %fs
	xorw	%ax, %ax
	xorw	%di, %di
	movw	$(PARAMS_HEADER), %cx
	rep stosb

	movw	$(PARAMS_E820), %di
	xorl	%ebx, %ebx
1:	movl	$0xe820, %eax
	movl	$(E820_SIGNATURE), %edx
	movl	$(E820_ENTRY_SIZE), %ecx
	int	$0x15
	jc	2f
	cmpl	$(E820_SIGNATURE), %eax
	jne	2f
	incb	%fs:PARAMS_E820_COUNT
	addw	$(E820_ENTRY_SIZE), %di
	testl	%ebx, %ebx
	jz	2f
	cmpw	$(PARAMS_E820_END), %di
	jb	1b

2:	cli
	xorl	%esi, %esi
	movw	%fs, %si
	shll	$4, %esi
	leal	(setup_gdt - page)(%esi), %eax
	movl	%eax, %fs:(setup_gdt_pointer - page + 2)
	lgdtl	%fs:(setup_gdt_pointer - page)
	movl	%fs:PARAMS_CODE32, %eax
	movl	%eax, %fs:(setup_entry - page)
	movl	$(CR0_ET | CR0_PE), %eax
	movl	%eax, %cr0
	movw	$(SELECTOR_DATA), %ax
	movw	%ax, %ds
	movw	%ax, %es
	movw	%ax, %ss
	/* FS still has its base from real mode. */
	ljmpl	*%fs:(setup_entry - page)

	.balign	8
	/* boot.rst: __BOOT_CS is 10 and __BOOT_DS is 18. */
setup_gdt:
	.quad	0, 0
	.quad	0x00cf9b000000ffff
	.quad	0x00cf93000000ffff
setup_gdt_pointer:
	.word	setup_gdt_pointer - setup_gdt - 1
	.long	0
setup_entry:
	.long	0
	.word	0x10

	/*
	 * kvmtool's --firmware writes an MP table of 20 bytes for each CPU from
	 * 2B0 on: up to here, of 150 CPUs. What reset.S has for this page
	 * follows.
	 */
	.org	0xec0
