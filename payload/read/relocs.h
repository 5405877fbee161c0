/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/read/relocs.h - what of an x86_64 kernel moves with its address */
#ifndef PAYLOAD_READ_RELOCS_H
#define PAYLOAD_READ_RELOCS_H

#include "payload/read/kernel.h"

/*
 * Takes what a relocatable kernel's build puts behind its ELF file, and keeps
 * it as a RELOCS section. Warns and leaves it if it is not as expected.
 */
void relocs_open(struct kernel_file *kernel, struct bytes appended,
                 uint32_t alignment);

#endif
