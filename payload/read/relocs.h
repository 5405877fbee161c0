/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/read/relocs.h - reads the relocations of an x86_64 kernel */
#ifndef PAYLOAD_READ_RELOCS_H
#define PAYLOAD_READ_RELOCS_H

#include "payload/read/kernel.h"

/*
 * Makes a RELOCS section of the relocations that the build of a relocatable
 * kernel puts behind its ELF file. Warns and makes none if they are malformed.
 * `alignment`, in bytes, is that of the kernel's address.
 */
void relocs_open(struct kernel_file *kernel, struct bytes appended,
                 uint32_t alignment);

#endif
