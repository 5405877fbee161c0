/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/read/uki.h - reads a unified kernel image */
#ifndef PAYLOAD_READ_UKI_H
#define PAYLOAD_READ_UKI_H

#include "payload/read/kernel.h"

bool uki_is(const struct bytes *file);

/* Returns the kernel inside. Keeps the other sections in *kernel. */
struct bytes uki_open_parts(struct kernel_file *kernel,
                            const struct bytes *file);

#endif
