/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/read/open.h - opens a kernel in any known format */
#ifndef PAYLOAD_READ_OPEN_H
#define PAYLOAD_READ_OPEN_H

#include "payload/read/kernel.h"

/*
 * Fills *kernel from the file, or refuses. A bzImage stays as it is if
 * `keep_bzimage` is true; otherwise its payload is unpacked.
 */
void kernel_open(struct kernel_file *kernel, struct bytes file,
                 bool keep_bzimage);

#endif
