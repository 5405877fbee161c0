/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/x86_64/door/door.h - what both doors do first in C */
#ifndef ARCH_X86_64_DOOR_DOOR_H
#define ARCH_X86_64_DOOR_DOOR_H

#include "arch/x86_64/door/idt.h"
#include "arch/x86_64/lib/paging.h"
#include "arch/x86_64/memmap.h"
#include "common/boot.h"
#include "common/spec/bundle.h"

/*
 * Loads the IDT, maps all up to `map_end`, clears *boot, and sets where blob
 * and bundle are.
 */
static inline void door_begin(struct boot *boot, enum door door,
                              paddr_t blob_paddr, uint64_t ticks,
                              paddr_t map_end)
{
	const struct bundle_record *record =
		paddr_ptr(blob_paddr + BLOB_RECORD);

	idt_load();
	paging_start(map_end);
	boot_clear(boot);
	boot->handoff = (struct handoff){
		.door = door,
		.blob_paddr = blob_paddr,
		.blob_size = BLOB_SIZE,
		.start_ticks = ticks,
	};
	if (!record->bundle_offset)
		return;
	boot->handoff.bundle_paddr = blob_paddr + record->bundle_offset;
	boot->handoff.bundle_size = record->bundle_size;
}

#endif
