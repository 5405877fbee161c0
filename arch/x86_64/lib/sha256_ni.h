/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/x86_64/lib/sha256_ni.h - SHA-256 by the CPU, see sha256_ni.S */
#ifndef ARCH_X86_64_LIB_SHA256_NI_H
#define ARCH_X86_64_LIB_SHA256_NI_H

#include "common/lib/compiler.h"

/*
 * Adds `count` > 0 blocks to the state. This needs SSE enabled, and
 * cpu_has_sha_ni(). It leaves XMM0 to XMM10 zero.
 */
HIDDEN void sha256_ni_blocks(uint32_t state[8], const uint8_t *blocks,
                             uint64_t count);

#endif
