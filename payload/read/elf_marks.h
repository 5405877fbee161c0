/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/read/elf_marks.h - tells kernels from other ELF files */
#ifndef PAYLOAD_READ_ELF_MARKS_H
#define PAYLOAD_READ_ELF_MARKS_H

#include <elf.h>

#include "payload/lib/tool.h"

/*
 * Refuses an ELF file that is no kernel, and says what it is; warns of one that
 * has nothing of Linux. `flat` is what its segments load.
 */
void elf_check_marks(const struct bytes *file, const Elf64_Phdr *phdrs,
                     unsigned count, const struct bytes *flat);

#endif
