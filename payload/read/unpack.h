/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/read/unpack.h - the compressions that kernels come in */
#ifndef PAYLOAD_READ_UNPACK_H
#define PAYLOAD_READ_UNPACK_H

#include "payload/lib/tool.h"

/* "gzip" and the like, by the first bytes; NULL: not compressed. */
const char *unpack_name(const struct bytes *packed);

/*
 * Unpacks what unpack_name() knows; refuses damaged data, naming `what`.
 * Anything behind the end of the compressed stream is ignored, such as the
 * size that the kernel's build appends.
 */
struct bytes unpack(const struct bytes *packed, const char *what);

#endif
