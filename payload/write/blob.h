/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/write/blob.h - finds the blob, writes a file of blob and bundle */
#ifndef PAYLOAD_WRITE_BLOB_H
#define PAYLOAD_WRITE_BLOB_H

#include "payload/judge/image.h"
#include "payload/write/plan.h"

/* Two blobs are built for each architecture. */
enum blob_kind {
	BLOB_ROM,
	BLOB_IGVM,
};

/* Opens the blob for `arch`: at `path`, or where it was built or installed. */
void blob_open(struct image *blob, const char *path, uint32_t arch,
               enum blob_kind kind);

/* Returns the size in bytes of the whole file. The plan must be laid out. */
uint64_t blob_packed_size(const struct image *blob, const struct plan *plan);

/* These tell whether that file will be an ELF file, and a bzImage. */
bool blob_packs_elf(const struct image *blob, const struct plan *plan);
bool blob_packs_bzimage(const struct image *blob, const struct plan *plan);

/* Writes blob and bundle to the output, in their architecture's order. */
void blob_write_packed(const struct image *blob, struct plan *plan);

#endif
