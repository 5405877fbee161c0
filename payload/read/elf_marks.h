/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/read/elf_marks.h - tells kernels from other ELF files */
#ifndef PAYLOAD_READ_ELF_MARKS_H
#define PAYLOAD_READ_ELF_MARKS_H

#include <elf.h>

#include "payload/lib/tool.h"

/*
 * Refuses an ELF file that is not a kernel, and says what it is. Warns of a
 * file that may be one, but has no Linux version. `flat` has the bytes that its
 * segments load.
 */
void elf_check_marks(const struct bytes *file, const Elf64_Phdr *phdrs,
                     unsigned count, const struct bytes *flat);

#endif
