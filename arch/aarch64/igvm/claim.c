/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/aarch64/igvm/claim.c - keeps the pages of an IGVM file while they are
 * read
 *
 * The kernel may use them all. Nothing starts from them again: PSCI's
 * SYSTEM_RESET is the host's, which loads the file as at first.
 */
#include "common/igvm/params.h"
#include "common/image.h"
#include "common/memory/memory.h"

void igvm_claim(struct memory *memory, const struct handoff *handoff)
{
	struct machine_range run;

	if (handoff->door != DOOR_IGVM)
		return;
	run = igvm_run(handoff);
	memory_claim(memory, "igvm", run.base, run.size, MEMORY_RAM);
}
