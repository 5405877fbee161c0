/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * payload/judge/image.h - reads a file that holds a blob, a bundle, or both
 *
 * common/spec/bundle.h defines both formats. Sizes and offsets are in bytes.
 */
#ifndef PAYLOAD_JUDGE_IMAGE_H
#define PAYLOAD_JUDGE_IMAGE_H

#include "common/spec/bundle.h"
#include "payload/judge/igvm_own.h"
#include "payload/lib/tool.h"

struct image {
	struct bytes file;     /* of blob and bundle, also if in an IGVM file */
	struct igvm_own *igvm; /* NULL if they are in none */
	uint32_t arch;         /* enum bundle_arch */
	struct bytes blob;     /* size 0 if there is only a bundle */
	struct bundle_record record;
	uint64_t record_offset; /* in the blob */
	struct bytes bundle;    /* size 0 if there is only a blob */

	/* These are the bundle's, and proven. The table follows the header. */
	struct bundle_header header;
	struct bundle_section sections[BUNDLE_SECTION_MAX];
};

static_assert(offsetof(struct image, sections) ==
                      offsetof(struct image, header) +
                              sizeof(struct bundle_header),
              "as in the file");

/* Tells whether the file has a blob or a bundle, be it a damaged one. */
bool image_is(const struct bytes *file);

/* Opens the file. Proves header and table of a bundle, or refuses the file. */
void image_open(struct image *image, struct bytes file);

/* Returns the stored bytes of a section. */
struct bytes image_stored(const struct image *image, unsigned index);

/* Returns the bytes of a section as they will be in the guest's memory. */
struct bytes image_loaded(const struct image *image, unsigned index);

/* Returns a kernel in segments as it will lie in RAM. */
struct bytes image_kernel(const struct image *image);

/*
 * Returns a copy of the blob as it is before it is packed: without a word of
 * the bundle that it may be packed with.
 */
struct bytes image_bare_blob(const struct image *image);

/* Returns the CRC-32C of a blob, computed as if its record were all zero. */
uint32_t image_blob_crc32c(const struct bytes *blob, uint64_t record_offset);

const char *section_name(uint32_t type);

#endif
