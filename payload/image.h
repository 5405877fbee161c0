/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/image.h - a file that holds a blob, a bundle, or both */
#ifndef PAYLOAD_IMAGE_H
#define PAYLOAD_IMAGE_H

#include "common/spec/bundle.h"
#include "payload/tool.h"

struct image {
	struct bytes file;
	uint32_t arch;     /* enum bundle_arch */
	struct bytes blob; /* size 0: a bundle without a blob */
	struct bundle_record record;
	uint64_t record_offset; /* in the blob */
	struct bytes bundle;    /* size 0: a blob without a bundle */

	/* Of the bundle, proven: */
	struct bundle_header header;
	struct bundle_section sections[BUNDLE_SECTION_MAX];
};

/* Is there a blob or a bundle at all? Whether a good one, image_open() says. */
bool image_is(const struct bytes *file);

/* Finds out what `file` is; proves all but the content. Refuses the rest. */
void image_open(struct image *image, const char *path, struct bytes file);

/* The stored bytes of a section. */
struct bytes image_stored(const struct image *image, unsigned index);

/* The same as it will be in the guest's memory. */
struct bytes image_loaded(const struct image *image, unsigned index);

/* verify.c: proves every byte: all checksums, all padding. */
void verify_image(const struct image *image, const char *path);

/* show.c: prints what a file is; the second, of one that pack would take. */
void show_image(const char *path, const struct bytes *file);
void show_kernel(const char *path, const struct bytes *file);

const char *arch_name(uint32_t arch);
const char *section_name(uint32_t type);

#endif
