/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/tool/kexec.S - starts another kernel from user space of Linux x86_64
 *
 * usage: kexec KERNEL INITRD COMMAND_LINE. Ends with the number of what failed.
 * Numbers are those of Linux arch/x86/entry/syscalls/syscall_64.tbl and
 * include/uapi/linux/reboot.h.
 */
#define SYS_OPEN            2
#define SYS_EXIT            60
#define SYS_REBOOT          169
#define SYS_KEXEC_FILE_LOAD 320

#define REBOOT_MAGIC1       0xfee1dead
#define REBOOT_MAGIC2       672274793
#define REBOOT_KEXEC        0x45584543

	.globl _start
_start:
	mov	$1, %ebx
	mov	16(%rsp), %rdi		/* KERNEL, to read */
	xor	%esi, %esi
	mov	$SYS_OPEN, %eax
	syscall
	test	%rax, %rax
	js	fail
	mov	%rax, %r12

	mov	$2, %ebx
	mov	24(%rsp), %rdi		/* INITRD */
	xor	%esi, %esi
	mov	$SYS_OPEN, %eax
	syscall
	test	%rax, %rax
	js	fail
	mov	%rax, %r13

	mov	$3, %ebx
	mov	32(%rsp), %r10		/* COMMAND_LINE, and its size with NUL */
	mov	%r10, %rdi
	xor	%eax, %eax
	mov	$-1, %rcx
	repne scasb
	sub	%r10, %rdi
	mov	%rdi, %rdx
	mov	%r12, %rdi
	mov	%r13, %rsi
	xor	%r8d, %r8d
	mov	$SYS_KEXEC_FILE_LOAD, %eax
	syscall
	test	%rax, %rax
	js	fail

	mov	$4, %ebx
	mov	$REBOOT_MAGIC1, %edi
	mov	$REBOOT_MAGIC2, %esi
	mov	$REBOOT_KEXEC, %edx
	mov	$SYS_REBOOT, %eax
	syscall
fail:
	mov	%ebx, %edi
	mov	$SYS_EXIT, %eax
	syscall
	.section .note.GNU-stack, "", @progbits
