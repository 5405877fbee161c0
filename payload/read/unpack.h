/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/read/unpack.h - unpacks the compressions that kernels have */
#ifndef PAYLOAD_READ_UNPACK_H
#define PAYLOAD_READ_UNPACK_H

#include "payload/lib/tool.h"

/*
 * Returns a name such as "gzip", by the first bytes, or NULL if the data is not
 * compressed.
 */
const char *unpack_name(const struct bytes *packed);

/*
 * Unpacks data that unpack_name() knows. Refuses damaged data, naming `what`.
 * Ignores bytes behind the end of the compressed stream, such as the size that
 * the kernel's build appends.
 */
struct bytes unpack(const struct bytes *packed, const char *what);

#endif
