/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/aarch64/lib/sha256.c - SHA-256 by Armv8's cryptographic instructions */
#include "arch/aarch64/cpu.h"
#include "common/arch.h"

/*
 * sha256_ce.S: hashes `count` blocks of 64 bytes; `count` is not 0. The CPU
 * must have the instructions. The function zeroes the vector registers it used.
 */
HIDDEN void sha256_ce_blocks(uint32_t state[8], const uint8_t *blocks,
                             uint64_t count);

/* reset.S has made sure that vector registers do not trap at EL1 or EL2. */
bool arch_sha256_blocks(uint32_t state[8], const uint8_t *blocks,
                        uint64_t count)
{
	if (!cpu_has_sha256())
		return false;
	sha256_ce_blocks(state, blocks, count);
	return true;
}
