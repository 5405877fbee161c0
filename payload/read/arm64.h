/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/read/arm64.h - reads an arm64 Image, and the zboot file around one */
#ifndef PAYLOAD_READ_ARM64_H
#define PAYLOAD_READ_ARM64_H

#include "payload/read/kernel.h"

bool arm64_is_image(const struct bytes *file);
void arm64_open_image(struct kernel_file *kernel, const struct bytes *file);

/* A zboot file unpacks its payload, which is a compressed Image. */
bool arm64_is_zboot(const struct bytes *file);
struct bytes arm64_zboot_payload(const struct bytes *file);

#endif
