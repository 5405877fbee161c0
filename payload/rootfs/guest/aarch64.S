/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * payload/rootfs/guest/aarch64.S - entry and system calls of the guest's first
 * program; numbers as in Linux's include/uapi/asm-generic/unistd.h
 */
	.section .text.start, "ax"
	.globl _start
_start:
	mov x0, sp
	bl init_main

.macro syscall_of name, number
	.globl \name
\name:
	mov x8, #\number
	svc #0
	ret
.endm

	.text
	syscall_of sys_ioctl, 29
	syscall_of sys_mkdirat, 34
	syscall_of sys_mount, 40
	syscall_of sys_chdir, 49
	syscall_of sys_write, 64
	syscall_of sys_exit, 93
	syscall_of sys_reboot, 142
	syscall_of sys_setsid, 157
	syscall_of sys_clone, 220
	syscall_of sys_execve, 221
	syscall_of sys_wait4, 260

	.section .note.GNU-stack, "", %progbits
