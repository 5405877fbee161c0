/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/write/from.h - takes a packed file apart, to pack it again */
#ifndef PAYLOAD_WRITE_FROM_H
#define PAYLOAD_WRITE_FROM_H

#include "payload/judge/image.h"
#include "payload/read/kernel.h"

/* Opens the file of --from, and proves it. Refuses one without a kernel. */
void from_open(struct image *old, const char *path);

/* Fills *kernel with the kernel of that file. */
void from_open_kernel(struct kernel_file *kernel, const struct image *old);

/* Returns a section of that file, unpacked. Its size is 0 if there is none. */
struct bytes from_part(const struct image *old, enum bundle_section_type type);

#endif
