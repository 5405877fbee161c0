/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/read/elf.h - takes an ELF vmlinux apart */
#ifndef PAYLOAD_READ_ELF_H
#define PAYLOAD_READ_ELF_H

#include "payload/read/kernel.h"

bool elf_is(const struct bytes *file);

/* Fills *kernel. Refuses a file that is not a kernel. */
void elf_open(struct kernel_file *kernel, const struct bytes *file);

/*
 * Fills *kernel from kernel->vmlinux, which is an x86_64 kernel as it lies in
 * RAM at `base`.
 */
void elf_open_flat(struct kernel_file *kernel, uint64_t base, uint64_t entry);

#endif
