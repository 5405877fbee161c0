/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/aarch64/door/reset.c - writes down what the VMM gave to reset.S
 *
 * All doors start at the same instruction. A VMM that boots the blob as a
 * kernel leaves the address of a device tree in x0, a loader of IGVM files that
 * of a page of parameters; at reset x0 is 0.
 */
#include "arch/aarch64/lib/paging.h"
#include "arch/aarch64/memmap.h"
#include "common/boot.h"
#include "common/image.h"
#include "common/spec/bundle.h"

/* reset.S has chosen the work area in RAM. The stack is at its end. */
struct work {
	struct paging paging;
	struct boot boot;
};

static_assert(sizeof(struct work) <= GUARD_OFFSET, "memmap.h");

/*
 * reset.S calls this with MMU and caches on and with a stack. `given` is what
 * x0 was; `ticks` is the counter's value at the start.
 */
NORETURN void reset_main(struct work *work, paddr_t blob_paddr, paddr_t given,
                         uint64_t ticks);

/* paging_start() has mapped the first bytes of what lies below MAPPED_END. */
static enum door find_door(paddr_t given)
{
	if (!given)
		return DOOR_RESET;
	if (given < MAPPED_END && given % sizeof(uint64_t) == 0 &&
	    igvm_is_at(given))
		return DOOR_IGVM;
	return DOOR_LINUX;
}

void reset_main(struct work *work, paddr_t blob_paddr, paddr_t given,
                uint64_t ticks)
{
	const struct bundle_record *record =
		paddr_ptr(blob_paddr + BUNDLE_RECORD_ARM_OFFSET);
	struct boot *boot = &work->boot;

	boot_clear(boot);
	cpu_set_thread_pointer(boot);
	boot->handoff = (struct handoff){
		.door = find_door(given),
		.given_paddr = given,
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
