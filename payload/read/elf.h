/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/read/elf.h - an ELF vmlinux, taken apart */
#ifndef PAYLOAD_READ_ELF_H
#define PAYLOAD_READ_ELF_H

#include "payload/read/kernel.h"

bool elf_is(const struct bytes *file);

/* Fills *kernel; refuses what is no kernel. */
void elf_open(struct kernel_file *kernel, const struct bytes *file);

#endif
