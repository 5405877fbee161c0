/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/lib/crc32c.h - CRC-32C (Castagnoli), as in RFC 3720 appendix B.4 */
#ifndef PAYLOAD_LIB_CRC32C_H
#define PAYLOAD_LIB_CRC32C_H

#include "common/lib/compiler.h"

/* Continues `crc`, which is 0 at first, over `size` bytes. */
uint32_t crc32c(uint32_t crc, const void *data, uint64_t size);

#endif
