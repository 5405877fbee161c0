/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/aarch64/door/reset.c - what the VMM gave, as reset.S found it
 *
 * Both doors are one place: a VMM that takes the blob for a kernel leaves the
 * address of a device tree in x0, at reset there is 0.
 */
#include "arch/aarch64/lib/paging.h"
#include "common/boot.h"
#include "common/spec/bundle.h"

/* The work area, which reset.S has put somewhere in RAM; the stack ends it. */
struct work {
	struct paging paging;
	struct boot boot;
};

static_assert(sizeof(struct work) + STACK_SIZE_MIN <= WORK_SIZE, "memmap.h");

/* From reset.S: MMU and caches on, a stack, nothing else. */
NORETURN void reset_main(struct work *work, paddr_t blob_paddr, paddr_t fdt,
                         uint64_t ticks);

void reset_main(struct work *work, paddr_t blob_paddr, paddr_t fdt,
                uint64_t ticks)
{
	const struct bundle_record *record =
		paddr_ptr(blob_paddr + BUNDLE_RECORD_ARM_OFFSET);
	struct boot *boot = &work->boot;

	boot_clear(boot);
	cpu_set_thread_pointer(boot);
	boot->handoff = (struct handoff){
		.door = fdt ? DOOR_LINUX : DOOR_RESET,
		.given_paddr = fdt,
		.blob_paddr = blob_paddr,
		.blob_size = record->blob_size,
		.start_ticks = ticks,
	};
	if (record->bundle_offset) {
		boot->handoff.bundle_paddr = blob_paddr + record->bundle_offset;
		boot->handoff.bundle_size = record->bundle_size;
	}
	boot_main(boot);
}
