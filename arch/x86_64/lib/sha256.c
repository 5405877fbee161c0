/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/x86_64/lib/sha256.c - SHA-256 by SHA-NI, with SSE on while it runs */
#include "arch/x86_64/cpu.h"
#include "arch/x86_64/lib/regs.h"
#include "arch/x86_64/lib/sha256_ni.h"
#include "common/arch.h"

bool arch_sha256_blocks(uint32_t state[8], const uint8_t *blocks,
                        uint64_t count)
{
	uint64_t cr4;

	if (!cpu_has_sha_ni())
		return false;
	/* CR0.EM and CR0.TS are clear, since all doors write CR0. */
	cr4 = cpu_read_cr4();
	cpu_write_cr4(cr4 | CR4_OSFXSR);
	sha256_ni_blocks(state, blocks, count);
	cpu_write_cr4(cr4);
	return true;
}
