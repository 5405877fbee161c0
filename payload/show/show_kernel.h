/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/show/show_kernel.h - prints what a kernel is */
#ifndef PAYLOAD_SHOW_SHOW_KERNEL_H
#define PAYLOAD_SHOW_SHOW_KERNEL_H

#include "payload/lib/tool.h"

void show_kernel(const char *path, const struct bytes *file, bool wants_json);

#endif
