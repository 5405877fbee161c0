/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/judge/image.h - a file that holds a blob, a bundle, or both */
#ifndef PAYLOAD_JUDGE_IMAGE_H
#define PAYLOAD_JUDGE_IMAGE_H

#include "common/spec/bundle.h"
#include "payload/lib/tool.h"

struct image {
	struct bytes file;
	uint32_t arch;     /* enum bundle_arch */
	struct bytes blob; /* size 0: a bundle without a blob */
	struct bundle_record record;
	uint64_t record_offset; /* in the blob */
	struct bytes bundle;    /* size 0: a blob without a bundle */

	/* Of the bundle, proven; the table is right behind the header. */
	struct bundle_header header;
	struct bundle_section sections[BUNDLE_SECTION_MAX];
};

static_assert(offsetof(struct image, sections) ==
                      offsetof(struct image, header) +
                              sizeof(struct bundle_header),
              "as in the file");

/* Is there a blob or a bundle at all? Whether a good one, image_open() says. */
bool image_is(const struct bytes *file);

/* Finds out what `file` is; proves all but the content. Refuses the rest. */
void image_open(struct image *image, struct bytes file);

/* The stored bytes of a section. */
struct bytes image_stored(const struct image *image, unsigned index);

/* The same as it will be in the guest's memory. */
struct bytes image_loaded(const struct image *image, unsigned index);

/* A kernel in segments as it will lie in RAM, from its first one on. */
struct bytes image_kernel(const struct image *image);

/* As the record of a packed blob has it: with the record itself all zero. */
uint32_t image_blob_crc32c(const struct bytes *blob, uint64_t record_offset);

const char *section_name(uint32_t type);

#endif
