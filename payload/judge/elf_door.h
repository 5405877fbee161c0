/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/judge/elf_door.h - the headers that make an x86_64 ROM a kernel too
 */
#ifndef PAYLOAD_JUDGE_ELF_DOOR_H
#define PAYLOAD_JUDGE_ELF_DOOR_H

#include "common/spec/bundle.h"
#include "payload/lib/tool.h"

#define ELF_DOOR_SIZE 8192

/* Has this blob, or packed file, the entries that an ELF file needs? */
bool elf_door_is_in(const struct bytes *blob);

/* The same, and could a packed file of this size be loaded, with little RAM? */
bool elf_door_fits(const struct bytes *blob, uint64_t file_size);

/* Is this blob, or packed file, a bzImage too? */
bool elf_door_has_bzimage(const struct bytes *blob);

/* What is known of the kernel that a packed file holds; at first all zero. */
struct elf_door_kernel {
	uint64_t base;
	uint64_t end; /* 0: nothing is known */
	bool can_move;
};

/* Takes in what this section says. */
void elf_door_add(struct elf_door_kernel *kernel,
                  const struct bundle_section *section,
                  const struct bytes *stored);

/* Could it be a bzImage with this kernel in it? */
bool elf_door_may_be_bzimage(const struct bytes *blob, uint64_t file_size,
                             const struct elf_door_kernel *kernel);

/*
 * Makes the first pages of a packed file of `file_size` bytes, which ends with
 * the blob. As an ELF file the VMM is to load it behind the kernel's own place,
 * if that is known. As a bzImage it is loaded at 1 MiB: it is none if the
 * kernel must lie there, or if not `wants_bzimage`. False: it can be neither,
 * as the blob has no such entries or the file is too large.
 */
bool elf_door_make(uint8_t header[ELF_DOOR_SIZE], const struct bytes *blob,
                   uint64_t file_size, const struct elf_door_kernel *kernel,
                   bool wants_bzimage);

#endif
