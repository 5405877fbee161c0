/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/elf_door.h - the header that makes an x86_64 ROM an ELF file too */
#ifndef PAYLOAD_ELF_DOOR_H
#define PAYLOAD_ELF_DOOR_H

#include "payload/bundle_format.h"
#include "payload/tool.h"

#define ELF_DOOR_SIZE 4096

/* Has this blob the entries that an ELF file needs? */
bool elf_door_is_in(const struct bytes *blob);

/* The same, and could a packed file of this size be loaded, with little RAM? */
bool elf_door_fits(const struct bytes *blob, uint64_t file_size);

/*
 * Makes the first page of a packed file of `file_size` bytes, which ends with
 * the blob. The VMM is to load it behind the kernel's own place, which ends at
 * `kernel_end`, if that is known (not 0). False: it cannot be an ELF file, as
 * the blob has no such entries or the file is too large.
 */
bool elf_door_make(uint8_t header[ELF_DOOR_SIZE], const struct bytes *blob,
                   uint64_t file_size, uint64_t kernel_end);

/* Where the kernel of this section ends in RAM, if it is one; else 0. */
uint64_t elf_door_kernel_end(const struct bundle_section *section,
                             const struct bytes *stored);

#endif
