/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/igvm/claim.c - keeps the pages of an IGVM file while they are
 * read
 *
 * After a reset a host starts the first processor as before, but QEMU 10.2 does
 * not fill the pages again, which the kernel has long used. So the pages that
 * the processor starts with stay reserved: that of the blob's entry, and those
 * from the parameters up to the first area behind, which are its page tables.
 * The entry then leads to again.S.
 */
#include "arch/x86_64/memmap.h"
#include "common/igvm/params.h"
#include "common/image.h"
#include "common/lib/string.h"
#include "common/memory/memory.h"

#define JUMP_SIZE 5
#define JUMP      0xe9 /* SDM 2A, JMP rel32 */

/* again.S */
extern HIDDEN const uint8_t igvm_again[];

static void keep_entry(struct memory *memory, paddr_t blob_paddr)
{
	uint8_t *entry = paddr_ptr(blob_paddr + BLOB_ENTRY32);
	uint32_t distance =
		paddr_of(igvm_again) - (BLOB_VADDR + BLOB_ENTRY32 + JUMP_SIZE);

	memory_set(memory, blob_paddr + BLOB_ENTRY32, IGVM_PAGE_SIZE,
	           MEMORY_RESERVED);
	entry[0] = JUMP;
	memcpy(entry + 1, &distance, sizeof(distance));
}

static void keep_tables(struct memory *memory, const struct handoff *handoff)
{
	const struct igvm_params *params = igvm_params_of(handoff);
	uint64_t size = params->run_offset + params->run_size;

	for (uint32_t i = 0; i < params->area_count; i++) {
		if (params->areas[i].offset > 0)
			size = min_u64(size, params->areas[i].offset);
	}
	memory_set(memory, handoff->given_paddr, size, MEMORY_RESERVED);
}

void igvm_claim(struct memory *memory, const struct handoff *handoff)
{
	struct machine_range run;

	if (handoff->door != DOOR_IGVM)
		return;
	run = igvm_run(handoff);
	memory_claim(memory, "igvm", run.base, run.size, MEMORY_RAM);
	keep_entry(memory, handoff->blob_paddr);
	keep_tables(memory, handoff);
}
