/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/aarch64/lib/sha256.c - SHA-256 by the instructions of Armv8's crypto */
#include "arch/aarch64/cpu.h"
#include "common/arch.h"

/* sha256_ce.S: needs cpu_has_sha256(); count > 0. Leaves zero what it used. */
HIDDEN void sha256_ce_blocks(uint32_t state[8], const uint8_t *blocks,
                             uint64_t count);

/* Their registers are not trapped: reset.S has seen to that, at EL1 and EL2. */
bool arch_sha256_blocks(uint32_t state[8], const uint8_t *blocks,
                        uint64_t count)
{
	if (!cpu_has_sha256())
		return false;
	sha256_ce_blocks(state, blocks, count);
	return true;
}
