/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/igvm/claim.c - keeps the pages of an IGVM file while they are
 * read
 *
 * After a reset a host starts the first processor as before, but QEMU 10.2 does
 * not fill the pages again, which the kernel has long used. So the pages that
 * the processor starts with stay reserved: that of the blob's entry, and its
 * GDT and page tables, which are behind the parameters. The entry then leads to
 * again.S.
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

/*
 * Keeps the pages from the parameters on, but for the areas, which lie side by
 * side.
 */
static void keep_tables(struct memory *memory, const struct handoff *handoff)
{
	const struct igvm_params *params = igvm_params_of(handoff);
	int64_t first = INT64_MAX, end = 0;

	for (uint32_t i = 0; i < params->area_count; i++) {
		const struct igvm_params_area *area = &params->areas[i];

		if (area->offset > 0 && area->offset < first)
			first = area->offset;
		if (area->offset + area->size > end)
			end = area->offset + area->size;
	}
	memory_set(memory, handoff->given_paddr,
	           params->run_offset + params->run_size, MEMORY_RESERVED);
	if (first >= end)
		return;
	memory_set(memory, handoff->given_paddr + first, end - first,
	           MEMORY_RAM);
	memory_use(memory, handoff->given_paddr + first, end - first);
}

void igvm_claim(struct memory *memory, const struct handoff *handoff)
{
	struct machine_range run;

	if (handoff->door != DOOR_IGVM)
		return;
	run = igvm_run(handoff);
	memory_claim(memory, "igvm", run.base, run.size, MEMORY_RAM);
	keep_tables(memory, handoff);
	keep_entry(memory, handoff->blob_paddr);
}
