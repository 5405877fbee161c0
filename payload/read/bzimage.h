/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/read/bzimage.h - keeps a bzImage, or takes its payload out */
#ifndef PAYLOAD_READ_BZIMAGE_H
#define PAYLOAD_READ_BZIMAGE_H

#include "payload/read/kernel.h"

bool bzimage_is(const struct bytes *file);
void bzimage_open(struct kernel_file *kernel, const struct bytes *file,
                  bool keep_bzimage);

/* Returns a version such as "6.1.0-13-cloud-amd64 (...)", or NULL. */
const char *bzimage_version(const struct bytes *file);

#endif
