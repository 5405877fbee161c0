/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/paravisor/describe.c - what a paravisor's kernel reads
 *
 * Linux Documentation/arch/x86/boot.rst, "setup_data": its device tree is in a
 * record of its own.
 */
#include "arch/x86_64/memmap.h"
#include "arch/x86_64/paravisor/tree_x86.h"
#include "common/arch.h"
#include "common/image.h"
#include "common/lib/console.h"
#include "common/paravisor/paravisor.h"
#include "common/spec/linux_x86.h"

/* The blob works below it, and start-up IPIs start CPUs only there. */
const struct machine_range arch_paravisor_hole = {
	LOW_RAM_END, HIGH_RAM_BASE - LOW_RAM_END
};

paddr_t paravisor_describe(const struct machine *machine,
                           const struct payload *payload, struct guest *guest,
                           struct memory *memory, paddr_t next)
{
	const struct bundle_paravisor *options = paravisor_options(payload);
	struct tree_pool pool = { 0 };
	uint32_t size = tree_x86_size(machine);
	struct setup_data *record;
	paddr_t base;

	(void)guest;
	if (!options)
		return next;
	if (!machine->is_split)
		panic("paravisor: a bundle of the VMM: must be the blob's own");
	if (payload->dtb.kind != SOURCE_NONE)
		panic("paravisor: a device tree of the bundle: it gets ours");
	base = memory_alloc(memory, sizeof(*record) + size, TREE_PAGE_SIZE,
	                    HIGH_RAM_BASE, FOUR_GIB, MEMORY_RAM);
	if (!base)
		panic("paravisor: %#x bytes: no free RAM of that size", size);
	arch_map(base, sizeof(*record) + size);
	record = paddr_ptr(base);
	tree_x86_build(machine, &pool, record + 1, size);
	*record = (struct setup_data){
		.next = next,
		.type = SETUP_DTB,
		.len = size,
	};
	return base;
}
