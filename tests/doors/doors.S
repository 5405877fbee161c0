/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/doors/doors.S - a ROM that enters a kernel as a VMM without ROM would
 *
 * It enters the kernel by PVH (Xen docs/misc/pvh.pandoc), by the 16-bit, 32-bit
 * or 64-bit protocol of Linux's boot.rst, as kvmtool starts a firmware, or as a
 * recording has it. Page tables of the 64-bit protocol are where Firecracker has
 * them. handoffs.py puts kernel and hand-off in RAM and fills in `mode` and the
 * words after it.
 */
#define ROM 0xffff0000
#define AT(label) (label - start + ROM)
#define RAM_CODE 0x8000 /* A piece of this ROM runs here, in RAM. */

/* Of a recording, where no VMM may leave anything: code, and the registers. */
#define RECORDED_CODE 0x70000
#define REGISTERS     0x70800
#define REGISTER(n)   (REGISTERS + 8 * (n)) /* in the order of recorder.S */
#define RECORDED_END  0x71000
#define CODE(label)   (label - recorded_code + RECORDED_CODE)
#define EFER_LMA      0x400

	.text
start:
mode:	.long	0 /* 0: 32 bits, 1: 64, 2: 16, 3: low BIOS, 4: recorded */
entry:	.long	0 /* 16 bits: offset, segment; 3 and 4: what is to be below 1 MiB */
handoff: .long	0 /* 16 bits: DS */
lstar:	.long	0 /* MSR C0000082: 0 after a reset */

	.balign	8
gdt:	.quad	0, 0x00cf9b000000ffff, 0x00af9b000000ffff, 0x00cf93000000ffff
	.quad	0x00009b000000ffff, 0x000093000000ffff /* as in real mode */
gdt_pointer:
	.word	gdt_pointer - gdt - 1
	.long	AT(gdt)

gdt_pointer_ram:
	.word	gdt_pointer - gdt - 1
	.long	0x500

	.code16
real:	movl	$0xc0000082, %ecx
	movl	%cs:(lstar - start), %eax
	xorl	%edx, %edx
	wrmsr
	cmpb	$2, %cs:(mode - start)
	je	real16
	lgdtl	%cs:(gdt_pointer - start)
	movl	$0x11, %eax
	movl	%eax, %cr0
	ljmpl	$0x08, $AT(protected)

	/* The BIOS has only INT 15h, EAX = E820, with the table at 6000. */
real16:	xorw	%ax, %ax
	movw	%ax, %es
	movw	$RAM_CODE, %di
	movw	$(e820 - start), %si
	movw	$(e820_end - e820), %cx
	rep movsb %cs:(%si), %es:(%di)
	movl	$RAM_CODE, %es:(0x15 * 4)
	movw	%cs:(handoff - start), %ax
	movw	%ax, %ds
	movw	%ax, %es
	movw	%ax, %fs
	movw	%ax, %gs
	movw	%ax, %ss
	movw	$0x8000, %sp
	ljmpw	*%cs:(entry - start)

	/* 6000 has the count and whether the list never ends, 6010 the list. */
e820:	pushw	%ds
	pushw	%si
	pushw	%di
	xorw	%si, %si
	movw	%si, %ds
	cmpl	%ebx, 0x6000
	jbe	2f
	imulw	$20, %bx, %si
	addw	$0x6010, %si
	movw	$20, %cx
	rep movsb
	movl	$20, %ecx
	movl	$0x534d4150, %eax
	incl	%ebx
	cmpl	%ebx, 0x6000
	ja	1f
	movl	0x6004, %ebx
1:	popw	%di
	popw	%si
	popw	%ds
	lretw	$2 /* CF is clear: by cmp or by nothing since */
2:	popw	%di
	popw	%si
	popw	%ds
	stc
	lretw	$2
e820_end:

	/* Without a ROM there is nothing at F000:FFF0. On a PC it is read-only. */
	.code32
protected:
	movl	$0x18, %eax
	movw	%ax, %ds
	movw	%ax, %es
	movw	%ax, %ss
	movl	$0, 0xffff0
	movl	$0, 0xffff4
	movl	AT(handoff), %esi
	movl	%esi, %ebx
	cmpl	$1, AT(mode)
	je	long_mode
	ja	open_low_ram
	jmp	*AT(entry)

	/* Tables at 9000, a000 and b000 map the first GiB in pages of 2 MiB. */
long_mode:
	movl	$0xa003, 0x9000
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
	/* These tables do not map the ROM, so GDT and last steps go to RAM. */
	movl	$AT(last), %esi
	movl	$(last_end - last), %ecx
	call	go_to_ram
last:	movl	$0x80000011, %eax
	movl	%eax, %cr0
	ljmp	$0x10, $(RAM_CODE + last64 - last)
	.code64
last64:	jmp	*%rdx
last_end:

	.code32
	/* Copies ECX bytes from ESI, and the GDT, and jumps to the copy. */
go_to_ram:
	movl	$RAM_CODE, %edi
	rep movsb
	movl	$AT(gdt), %esi
	movl	$0x500, %edi
	movl	$(gdt_pointer - gdt), %ecx
	rep movsb
	lgdt	AT(gdt_pointer_ram)
	movl	AT(handoff), %esi
	movl	AT(entry), %edx
	movl	$RAM_CODE, %eax
	jmp	*%eax

	/* Makes A0000 to FFFFF RAM, as the i440FX can: 59 to 5F, and 72. */
open_low_ram:
	movl	$AT(low_ram), %esi
	movl	$3, %ecx
1:	lodsl
	movw	$0xcf8, %dx
	outl	%eax, %dx
	lodsl
	movw	$0xcfc, %dx
	outl	%eax, %dx
	loop	1b
	cmpl	$4, AT(mode)
	je	recorded
	/*
	 * Copies 128 KiB to E0000, and an MP table over part of it. Then enters
	 * real mode as after a reset, but with an ordinary CS.
	 */
	movl	AT(entry), %esi
	movl	$0xe0000, %edi
	movl	$0x20000, %ecx
	rep movsb
	movl	$0xf02b0, %edi
	movl	$0xc00, %ecx
	movb	$0x5a, %al
	rep stosb
	/* The CMOS must not count RAM. */
	movl	$AT(cmos), %esi
	movl	$(cmos_end - cmos), %ecx
3:	lodsb
	outb	%al, $0x70
	xorl	%eax, %eax
	outb	%al, $0x71
	loop	3b
	movl	$AT(back), %esi
	movl	$(back_end - back), %ecx
	call	go_to_ram
back:	movl	$0x28, %eax
	movw	%ax, %ds
	movw	%ax, %es
	movw	%ax, %ss
	ljmp	$0x20, $(RAM_CODE + back16 - back)
	.code16
back16:	movl	$0x60000010, %eax
	movl	%eax, %cr0
	ljmpw	$0, $(RAM_CODE + back_real - back)
back_real:
	movw	$0xf000, %ax
	movw	%ax, %ds
	movw	%ax, %es
	movw	%ax, %ss
	movw	$0x8000, %sp
	ljmpw	$0xf000, $0xfff0
back_end:

low_ram:
	.long	0x80000058, 0x33333000, 0x8000005c, 0x33333333
	.long	0x80000070, 0x004a0000

	/* What was at A0000 is at `entry`; the rest is in its place. */
	.code32
recorded:
	movl	AT(entry), %esi
	movl	$0xa0000, %edi
	movl	$(0x60000 / 4), %ecx
	rep movsl
	movl	$AT(recorded_code), %esi
	movl	$RECORDED_CODE, %edi
	movl	$(recorded_end - recorded_code), %ecx
	rep movsb
	movl	$RECORDED_CODE, %eax
	jmp	*%eax
recorded_code:
	movl	$RECORDED_END, %esp
	movl	REGISTER(11), %eax
	movl	%eax, %cr4
	movl	REGISTER(10), %eax
	movl	%eax, %cr3
	movl	$0xc0000080, %ecx
	movl	REGISTER(12), %eax
	andl	$~EFER_LMA, %eax
	xorl	%edx, %edx
	wrmsr
	movl	REGISTER(9), %eax
	movl	%eax, %cr0
	lgdt	REGISTER(21) + 6 /* the limit ends there */
	lidt	REGISTER(23) + 6
	movl	$CODE(enter64), REGISTER(26)
	testl	$EFER_LMA, REGISTER(12)
	movw	%cs:REGISTER(14), %ds
	movw	%cs:REGISTER(15), %es
	movw	%cs:REGISTER(16), %fs
	movw	%cs:REGISTER(17), %gs
	movw	%cs:REGISTER(18), %ss
	jnz	1f
	pushl	REGISTER(8)
	popfl
	movl	REGISTER(1), %ecx
	movl	REGISTER(2), %edx
	movl	REGISTER(3), %ebx
	movl	REGISTER(5), %ebp
	movl	REGISTER(6), %esi
	movl	REGISTER(7), %edi
	movl	REGISTER(0), %eax
	movl	REGISTER(4), %esp
	ljmp	*REGISTER(25)
1:	ljmp	*%cs:REGISTER(26)
	.code64
enter64:
	pushq	REGISTER(8)
	popfq
	movq	REGISTER(1), %rcx
	movq	REGISTER(2), %rdx
	movq	REGISTER(3), %rbx
	movq	REGISTER(5), %rbp
	movq	REGISTER(6), %rsi
	movq	REGISTER(7), %rdi
	movq	REGISTER(0), %rax
	movq	REGISTER(4), %rsp
	jmp	*REGISTER(27)
recorded_end:

cmos:	.byte	0x30, 0x31, 0x34, 0x35, 0x5b, 0x5c, 0x5d
cmos_end:

	.org	0xfff0
	.code16
	jmp	real
	.org	0x10000
