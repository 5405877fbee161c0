/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/boot/doors.S - a ROM that enters a kernel as a VMM without ROM would
 *
 * By PVH (Xen docs/misc/pvh.pandoc) or by the 32-bit or 64-bit protocol of
 * Linux's boot.rst; for the last with page tables where Firecracker has them.
 * doors.py puts kernel and hand-off in RAM and fills in `mode` and what
 * follows it.
 */
#define ROM 0xffff0000
#define AT(label) (label - start + ROM)

	.text
start:
mode:	.long	0 /* 0: 32 bits, 1: 64 bits */
entry:	.long	0
handoff: .long	0

	.balign	8
gdt:	.quad	0, 0x00cf9b000000ffff, 0x00af9b000000ffff, 0x00cf93000000ffff
gdt_pointer:
	.word	gdt_pointer - gdt - 1
	.long	AT(gdt)

gdt_pointer_ram:
	.word	gdt_pointer - gdt - 1
	.long	0x500

	.code16
real:	lgdtl	%cs:(gdt_pointer - start)
	movl	$0x11, %eax
	movl	%eax, %cr0
	ljmpl	$0x08, $AT(protected)

	.code32
protected:
	movl	$0x18, %eax
	movw	%ax, %ds
	movw	%ax, %es
	movw	%ax, %ss
	movl	AT(handoff), %esi
	movl	%esi, %ebx
	cmpl	$0, AT(mode)
	jne	1f
	jmp	*AT(entry)

	/* 2 MiB pages, the first GiB: tables at 9000, a000, b000. */
1:	movl	$0xa003, 0x9000
	movl	$0xb003, 0xa000
	xorl	%ecx, %ecx
2:	movl	%ecx, %eax
	shll	$21, %eax
	orl	$0x83, %eax
	movl	%eax, 0xb000(,%ecx,8)
	incl	%ecx
	cmpl	$512, %ecx
	jne	2b
	movl	$0x20, %eax
	movl	%eax, %cr4
	movl	$0x9000, %eax
	movl	%eax, %cr3
	movl	$0xc0000080, %ecx
	movl	$0x100, %eax
	xorl	%edx, %edx
	wrmsr
	/* These tables map no ROM: GDT and last steps go to RAM. */
	movl	$AT(gdt), %esi
	movl	$0x500, %edi
	movl	$(gdt_pointer - gdt), %ecx
	rep movsb
	lgdt	AT(gdt_pointer_ram)
	movl	$AT(last), %esi
	movl	$0x8000, %edi
	movl	$(last_end - last), %ecx
	rep movsb
	movl	AT(handoff), %esi
	movl	AT(entry), %edx
	movl	$0x8000, %eax
	jmp	*%eax
last:	movl	$0x80000011, %eax
	movl	%eax, %cr0
	ljmp	$0x10, $(0x8000 + last64 - last)
	.code64
last64:	jmp	*%rdx
last_end:

	.org	0xfff0
	.code16
	jmp	real
	.org	0x10000
