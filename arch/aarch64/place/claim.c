/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/aarch64/place/claim.c - claims RAM that is already in use */
#include "arch/aarch64/lib/paging.h"
#include "common/arch.h"
#include "common/image.h"
#include "common/machine/handoff.h"
#include "common/memory/memory.h"

/*
 * Reserves the part of the range that is RAM. Otherwise the kernel would
 * believe that there is reserved RAM where there is none.
 */
static void reserve(struct memory *memory, const struct machine *machine,
                    const struct machine_range *range)
{
	for (uint32_t i = 0; i < machine->ram_count; i++) {
		const struct machine_ram *ram = &machine->ram[i];
		paddr_t base = max_u64(range->base, ram->base);
		paddr_t end = min_u64(range->base + range->size,
		                      ram->base + ram->size);

		if (base < end)
			memory_set(memory, base, end - base, MEMORY_RESERVED);
	}
}

void arch_claim(struct memory *memory, const struct machine *machine,
                const struct handoff *handoff)
{
	const struct machine_range *fdt = &machine->arm.fdt;
	const struct machine_range *initrd = &machine->given.initrd;

	igvm_claim(memory, handoff);
	for (uint32_t i = 0; i < machine->reserved_count; i++)
		reserve(memory, machine, &machine->reserved[i].range);
	memory_use(memory, paging_work_paddr(), WORK_SIZE);
	memory_use(memory, handoff->blob_paddr, handoff->blob_size);
	memory_use(memory, handoff->bundle_paddr, handoff->bundle_size);
	memory_use(memory, fdt->base, fdt->size);
	/* Nobody has read it yet. It might lie where the boot writes. */
	if (initrd->size)
		memory_claim(memory, "initrd", initrd->base, initrd->size,
		             MEMORY_RAM);
}
