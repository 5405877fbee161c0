/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/blob.h - the blob, and the file that it makes with a bundle */
#ifndef PAYLOAD_BLOB_H
#define PAYLOAD_BLOB_H

#include "payload/image.h"
#include "payload/plan.h"

/* Opens the blob for `arch`: at `path`, or where it was built or installed. */
void blob_open(struct image *blob, const char *path, uint32_t arch);

/* As the record of a packed blob has it: with the record itself all zero. */
uint32_t blob_crc32c(const struct bytes *blob, uint64_t record_offset);

/* The size of the whole file, of a plan that is laid out. */
uint64_t blob_packed_size(const struct image *blob, const struct plan *plan);

/* Will that file be an ELF file, a bzImage? */
bool blob_packs_elf(const struct image *blob, const struct plan *plan);
bool blob_packs_bzimage(const struct image *blob, const struct plan *plan);

/* Writes blob and bundle to the output, in their architecture's order. */
void blob_write_packed(const struct image *blob, struct plan *plan);

#endif
