/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/host_arch.c - what common/ asks of an architecture, for the tool */
#include "common/arch.h"

bool arch_sha256_blocks(uint32_t state[8], const uint8_t *blocks,
                        uint64_t count)
{
	(void)state;
	(void)blocks;
	(void)count;
	return false;
}
