/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/payload/uki_file.h - the sections of a unified kernel image
 *
 * UAPI.5, "Unified Kernel Image". Such an image is a PE file. Each section
 * named .profile starts a profile, whose own sections come before those of the
 * base, which are all sections before the first .profile. The host tool reads
 * these images by the same code.
 */
#ifndef COMMON_PAYLOAD_UKI_FILE_H
#define COMMON_PAYLOAD_UKI_FILE_H

#include "common/lib/compiler.h"

#define PE_DOS_MAGIC  0x5a4d /* "MZ" */
#define UKI_NAME_SIZE 9 /* bytes, with a NUL; zeros fill a shorter name up */

struct uki_file {
	const uint8_t *data;
	uint64_t size;
	const uint8_t *sections; /* the table */
	uint32_t section_count;
	uint32_t machine; /* of the PE file, such as 0x8664 */
	uint32_t profile; /* the one that counts, from 0 on */
};

struct uki_section {
	const uint8_t *data;
	uint64_t size; /* bytes */
};

/* Tells whether the `size` bytes at `data` start as a PE file does. */
bool uki_file_is_at(const void *data, uint64_t size);

/*
 * Opens what starts as a PE file. Returns false if it is none, or if its
 * headers are not whole. The profile is 0 at first.
 */
bool uki_file_open(struct uki_file *file, const void *data, uint64_t size);

/*
 * Finds the section of this name that counts for the file's profile. Returns
 * false if there is none. Panics if the section is not within the file.
 */
bool uki_file_find(struct uki_section *found, const struct uki_file *file,
                   const char name[UKI_NAME_SIZE]);

/* Tells whether the file has its profile. Each has profile 0. */
bool uki_file_has_profile(const struct uki_file *file);

/* Returns the name of a section, which has a NUL only if it is short. */
const char *uki_file_name(const struct uki_file *file, uint32_t index);

#endif
