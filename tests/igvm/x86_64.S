/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/igvm/x86_64.S - a ROM that starts a processor as an IGVM file says
 *
 * replay.py has QEMU put the file's pages in RAM, and fills in what is here from
 * `registers` on. Pages that are staged somewhere else are copied at the first
 * start only, as QEMU 10.2 does; a byte of the CMOS tells the first.
 */
#define ROM 0xffff0000
#define AT(label) (label - start + ROM)
#define RAM_CODE 0x8000 /* The last steps run in RAM, with the registers. */
#define COPY(label) (label - last + RAM_CODE)
#define CMOS_STARTED 0x60
#define EFER 0xc0000080

	.text
start:
	/* Each as source, destination and bytes. The first of no bytes ends it. */
runs:	.fill	3 * 16, 4, 0

	.balign	8
gdt:	.quad	0, 0x00cf9b000000ffff, 0, 0x00cf93000000ffff
gdt_pointer:
	.word	gdt_pointer - gdt - 1
	.long	AT(gdt)

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
	movb	$CMOS_STARTED, %al
	outb	%al, $0x70
	inb	$0x71, %al
	testb	%al, %al
	jnz	2f
	movb	$CMOS_STARTED, %al
	outb	%al, $0x70
	movb	$1, %al
	outb	%al, $0x71
	movl	$AT(runs), %ebx
1:	movl	(%ebx), %esi
	movl	4(%ebx), %edi
	movl	8(%ebx), %ecx
	addl	$12, %ebx
	jecxz	2f
	rep movsb
	jmp	1b

2:	movl	$AT(last), %esi
	movl	$RAM_CODE, %edi
	movl	$(last_end - last), %ecx
	rep movsb
	movl	$RAM_CODE, %eax
	jmp	*%eax

last:	movl	COPY(cr4), %eax
	movl	%eax, %cr4
	movl	COPY(cr3), %eax
	movl	%eax, %cr3
	movl	$EFER, %ecx
	movl	COPY(efer), %eax
	andb	$0xfb, %ah /* The processor sets LMA itself. */
	xorl	%edx, %edx
	wrmsr
	movl	COPY(cr0), %eax
	movl	%eax, %cr0
	lgdt	COPY(gdt_limit)
	ljmp	*COPY(far)
	.code64
last64:	movl	COPY(data), %eax
	movl	%eax, %ds
	movl	%eax, %es
	movl	%eax, %fs
	movl	%eax, %gs
	movl	%eax, %ss
	movq	COPY(rsp), %rsp
	movq	COPY(rsi), %rsi
	jmp	*COPY(rip)

	.balign	8
registers:
cr0:	.quad	0
cr3:	.quad	0
cr4:	.quad	0
efer:	.quad	0
rsp:	.quad	0
rsi:	.quad	0
rip:	.quad	0
data:	.quad	0
far:	.long	COPY(last64)
code:	.word	0
gdt_limit:
	.word	0
gdt_base:
	.quad	0
last_end:

	.org	0xffe0
	.long	registers - start
	.org	0xfff0
	.code16
	jmp	real
	.org	0x10000
