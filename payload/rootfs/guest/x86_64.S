/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * payload/rootfs/guest/x86_64.S - entry and system calls of the guest's first
 * program; System V ABI, x86-64 supplement, appendix A.2
 */
	.section .text.start, "ax"
	.globl _start
_start:
	mov %rsp, %rdi
	and $-16, %rsp
	call init_main

/* The kernel takes the fourth argument in another register than C. */
.macro syscall_of name, number
	.globl \name
\name:
	mov $\number, %eax
	mov %rcx, %r10
	syscall
	ret
.endm

	.text
	syscall_of sys_write, 1
	syscall_of sys_ioctl, 16
	syscall_of sys_clone, 56
	syscall_of sys_execve, 59
	syscall_of sys_exit, 60
	syscall_of sys_wait4, 61
	syscall_of sys_chdir, 80
	syscall_of sys_setsid, 112
	syscall_of sys_mount, 165
	syscall_of sys_reboot, 169
	syscall_of sys_mkdirat, 258

	.section .note.GNU-stack, "", %progbits
