/* SPDX-License-Identifier: BSD-2-Clause */
/* common/lib/sha256.h - SHA-256 as in FIPS 180-4 */
#ifndef COMMON_LIB_SHA256_H
#define COMMON_LIB_SHA256_H

#include "common/lib/compiler.h"

#define SHA256_SIZE 32

/* The constants K of section 4.2.2, which arch_sha256_blocks() needs, too. */
HIDDEN extern const uint32_t sha256_constants[64];

/* Writes the digest of `size` bytes of `data`. */
void sha256(uint8_t digest[SHA256_SIZE], const void *data, uint64_t size);

#endif
