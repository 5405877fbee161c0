/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * payload/judge/elf_door.h - makes the headers by which an x86_64 ROM is a
 * kernel, too
 */
#ifndef PAYLOAD_JUDGE_ELF_DOOR_H
#define PAYLOAD_JUDGE_ELF_DOOR_H

#include "common/spec/bundle.h"
#include "payload/lib/tool.h"

#define ELF_DOOR_SIZE 8192

/* Tells whether a blob or packed file has the entries of an ELF file. */
bool elf_door_is_in(const struct bytes *blob);

/* Returns the size that such a file must have, or 0 if it is none. */
uint64_t elf_door_file_size(const struct bytes *file);

/* These return where it wants to lie in RAM, and its entry from there on. */
uint64_t elf_door_base(const struct bytes *file);
uint64_t elf_door_entry(const struct bytes *file);

/* Returns where it ends in RAM when a VMM has loaded it, or 0 if it is none. */
uint64_t elf_door_load_end(const struct bytes *file);

/*
 * Tells whether, in addition, a VMM could load a packed file of `file_size`
 * bytes below 1 GiB.
 */
bool elf_door_fits(const struct bytes *blob, uint64_t file_size);

/* Tells whether a blob or packed file is a bzImage, too. */
bool elf_door_has_bzimage(const struct bytes *blob);

/* What is known about the kernel in a packed file. It is all zero at first. */
struct elf_door_kernel {
	uint64_t base;
	uint64_t end; /* 0 if nothing is known */
	bool can_move;
};

/* Adds what a section says about the kernel. */
void elf_door_add(struct elf_door_kernel *kernel,
                  const struct bundle_section *section,
                  const struct bytes *stored);

/* Tells whether a file with this kernel in it could be a bzImage. */
bool elf_door_may_be_bzimage(const struct bytes *blob, uint64_t file_size,
                             const struct elf_door_kernel *kernel);

/*
 * Makes the first pages of a packed file of `file_size` bytes, which ends with
 * the blob. The VMM loads the ELF file behind the kernel's own place, if that
 * is known. It loads a bzImage at 1 MiB, so the file is not a bzImage if the
 * kernel must lie there, or if `wants_bzimage` is false. Returns false if the
 * file can be neither: the blob has no entries, or the file is too large.
 */
bool elf_door_make(uint8_t header[ELF_DOOR_SIZE], const struct bytes *blob,
                   uint64_t file_size, const struct elf_door_kernel *kernel,
                   bool wants_bzimage);

#endif
