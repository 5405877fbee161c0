/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * payload/rootfs/guest/init.h - the system calls of the guest's first program
 *
 * The assembly file of each architecture has them. Each is as in section 2 of
 * Linux's manual pages, but returns a negative error number.
 */
#ifndef PAYLOAD_ROOTFS_GUEST_INIT_H
#define PAYLOAD_ROOTFS_GUEST_INIT_H

void init_main(const long *stack);

long sys_chdir(const char *path);
long sys_clone(unsigned long flags, long stack, long parent, long tls,
               long child);
long sys_execve(const char *path, const char *const *words,
                const char *const *variables);
void sys_exit(int status);
long sys_ioctl(int fd, unsigned long request, long argument);
long sys_mkdirat(int directory, const char *path, unsigned mode);
long sys_mount(const char *source, const char *path, const char *type,
               unsigned long flags, const void *data);
long sys_reboot(unsigned magic1, unsigned magic2, unsigned command,
                const void *argument);
long sys_setsid(void);
long sys_wait4(int child, int *status, int options, void *usage);
long sys_write(int fd, const void *data, unsigned long size);

#endif
