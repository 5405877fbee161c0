/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/nested/recorder.S - tells what a VMM leaves at the entry of a kernel
 *
 * record.py puts this in the place of the blob's code, from its 32-bit entry
 * on, so that the VMM takes it for the blob, and links it to where the VMM puts
 * that. It writes to the port 3F8:
 *
 *   @record DOOR
 *   r NAME VALUE                   a register, as at the entry
 *   m ADDRESS BYTES                32 bytes of RAM that are not all 0
 *   @recorded
 *
 * All numbers have 16 digits, bytes two each. RAM is looked through to ram_end,
 * but for the file itself.
 */
#define PORT     0x3f8
#define ROW_SIZE 32
#define MSR_EFER 0xc0000080

	/* What has the same form in 32 and 64 bits. */
	.macro	save_system
	movw	%cs, saved_segments
	movw	%ds, saved_segments + 8
	movw	%es, saved_segments + 16
	movw	%fs, saved_segments + 24
	movw	%gs, saved_segments + 32
	movw	%ss, saved_segments + 40
	str	saved_segments + 48
	sldt	saved_segments + 56
	sgdt	pointers
	sidt	pointers + 16
	movl	$MSR_EFER, %ecx
	rdmsr
	movl	%eax, saved_efer
	.endm

	.text
	.code32
	/* Linux's 32-bit entry: stacks are not known to work. */
entry32:
	movl	%eax, saved
	movl	$text_linux32, %eax
	jmp	from32
	.org	0x10
	movl	%eax, saved
	movl	$text_pvh, %eax
from32:
	movl	%eax, door
	movl	%ecx, saved + 8
	movl	%edx, saved + 16
	movl	%ebx, saved + 24
	movl	%esp, saved + 32
	movl	%ebp, saved + 40
	movl	%esi, saved + 48
	movl	%edi, saved + 56
	movl	$stack_end, %esp
	pushfl
	popl	saved_flags
	cli
	cld
	movl	%cr0, %eax
	movl	%eax, saved_cr
	movl	%cr3, %eax
	movl	%eax, saved_cr + 8
	movl	%cr4, %eax
	movl	%eax, saved_cr + 16
	save_system
	jmp	common

	.org	0x200
	.code64
	movq	%rax, saved
	movq	%rcx, saved + 8
	movq	%rdx, saved + 16
	movq	%rbx, saved + 24
	movq	%rsp, saved + 32
	movq	%rbp, saved + 40
	movq	%rsi, saved + 48
	movq	%rdi, saved + 56
	movl	$text_linux64, %eax
	movl	%eax, door
	movl	$stack_end, %esp
	pushfq
	popq	saved_flags
	cli
	cld
	movq	%cr0, %rax
	movq	%rax, saved_cr
	movq	%cr3, %rax
	movq	%rax, saved_cr + 8
	movq	%cr4, %rax
	movq	%rax, saved_cr + 16
	save_system
	lgdt	own_gdt_pointer
	movl	$0x10, %eax
	movw	%ax, %ds
	pushq	$0x08
	pushq	$leave64
	lretq
	.code32
leave64:
	movl	%cr0, %eax
	andl	$0x7fffffff, %eax
	movl	%eax, %cr0

common:
	movzwl	pointers, %eax
	movl	%eax, saved_pointers
	movl	pointers + 2, %eax
	movl	%eax, saved_pointers + 8
	movzwl	pointers + 16, %eax
	movl	%eax, saved_pointers + 16
	movl	pointers + 18, %eax
	movl	%eax, saved_pointers + 24
	lgdt	own_gdt_pointer
	ljmp	$0x08, $1f
1:	movl	$0x10, %eax
	movw	%ax, %ds
	movw	%ax, %es
	movw	%ax, %ss

	movl	$text_record, %esi
	call	put_text
	movl	door, %esi
	call	put_text
	movl	$names, %esi
	movl	$saved, %edi
2:	movb	$'r', %al
	call	put_byte
	movb	$' ', %al
	call	put_byte
	call	put_text
	movb	$' ', %al
	call	put_byte
	movl	4(%edi), %eax
	call	put_long
	movl	(%edi), %eax
	call	put_long
	call	put_line_end
	addl	$8, %edi
	cmpb	$0, (%esi)
	jne	2b

	xorl	%edi, %edi
3:	cmpl	file_start, %edi
	jne	4f
	movl	file_end, %edi
4:	testl	$0xfff, %edi
	jnz	5f
	/* A page that nothing answers for reads as ones. */
	movl	(%edi), %eax
	andl	0x800(%edi), %eax
	andl	0xffc(%edi), %eax
	incl	%eax
	jnz	5f
	addl	$0x1000, %edi
	jmp	8f
5:	xorl	%eax, %eax
	movl	$((ROW_SIZE >> 2) - 1), %ecx
6:	orl	(%edi,%ecx,4), %eax
	decl	%ecx
	jns	6b
	testl	%eax, %eax
	jz	7f
	call	put_row
7:	addl	$ROW_SIZE, %edi
8:	cmpl	ram_end, %edi
	jb	3b

	movl	$text_recorded, %esi
	call	put_text
9:	hlt
	jmp	9b

	/* All but EAX and EDX are kept. */
put_row:
	movb	$'m', %al
	call	put_byte
	movb	$' ', %al
	call	put_byte
	xorl	%eax, %eax
	call	put_long
	movl	%edi, %eax
	call	put_long
	movb	$' ', %al
	call	put_byte
	xorl	%ecx, %ecx
1:	movl	(%edi,%ecx), %eax
	bswapl	%eax
	call	put_long
	addl	$4, %ecx
	cmpl	$ROW_SIZE, %ecx
	jne	1b
put_line_end:
	movb	$'\n', %al
put_byte:
	movw	$PORT, %dx
	outb	%al, %dx
	ret

put_long:
	pushl	%ecx
	movl	$8, %ecx
1:	roll	$4, %eax
	pushl	%eax
	andl	$15, %eax
	movb	digits(%eax), %al
	call	put_byte
	popl	%eax
	loop	1b
	popl	%ecx
	ret

	/* ESI goes on behind the text. */
put_text:
	lodsb
	testb	%al, %al
	jz	1f
	call	put_byte
	jmp	put_text
1:	ret

digits:	.ascii	"0123456789abcdef"
text_record:
	.asciz	"\n@record "
text_linux32:
	.asciz	"linux32\n"
text_pvh:
	.asciz	"pvh\n"
text_linux64:
	.asciz	"linux64\n"
text_recorded:
	.asciz	"@recorded\n"
names:	.asciz	"rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi"
	.asciz	"rflags", "cr0", "cr3", "cr4", "efer"
	.asciz	"cs", "ds", "es", "fs", "gs", "ss", "tr", "ldtr"
	.asciz	"gdt_limit", "gdt_base", "idt_limit", "idt_base"
	.byte	0

	.balign	8
own_gdt:
	.quad	0, 0x00cf9b000000ffff, 0x00cf93000000ffff
own_gdt_pointer:
	.word	own_gdt_pointer - own_gdt - 1
	.quad	own_gdt

	.balign	8
door:	.long	0
	.balign	8
saved:	.quad	0, 0, 0, 0, 0, 0, 0, 0
saved_flags:
	.quad	0
saved_cr:
	.quad	0, 0, 0
saved_efer:
	.quad	0
saved_segments:
	.quad	0, 0, 0, 0, 0, 0, 0, 0
saved_pointers:
	.quad	0, 0, 0, 0
pointers:
	.quad	0, 0, 0, 0
	.space	512
stack_end:
	/* record.py fills these in. */
	.org	0xff4
file_start:
	.long	0
file_end:
	.long	0
ram_end:
	.long	0
