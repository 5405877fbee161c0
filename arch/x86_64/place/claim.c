/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/x86_64/place/claim.c - claims what the blob itself uses of RAM */
#include "arch/x86_64/lib/paging.h"
#include "arch/x86_64/memmap.h"
#include "arch/x86_64/place/room.h"
#include "common/arch.h"
#include "common/image.h"
#include "common/machine/handoff.h"
#include "common/memory/memory.h"

/*
 * Claims the blob and what the VMM gave, if they lie in RAM. A VMM that takes
 * the blob for a kernel puts them there, and reset.S does so with a ROM below 1
 * MiB.
 */
static void use_handoff(struct memory *memory, const struct machine *machine,
                        const struct handoff *handoff)
{
	const struct machine_given *given = &machine->given;
	paddr_t base = handoff->blob_paddr;

	if (base == BLOB_BASE)
		return;
	if (handoff->bundle_paddr)
		base = min_u64(base, handoff->bundle_paddr);
	memory_use(memory, base, handoff->blob_paddr + BLOB_SIZE - base);
	/*
	 * The first of these is the VMM's initrd, if it gave one. They may
	 * overlap each other, but nothing that the boot writes to.
	 */
	for (uint32_t i = 0; i < given->bundle_count; i++)
		memory_check_free(memory, "module", given->bundles[i].base,
		                  given->bundles[i].size);
	for (uint32_t i = 0; i < given->bundle_count; i++)
		memory_use(memory, given->bundles[i].base,
		           given->bundles[i].size);
}

/*
 * The trampoline's page stays ours where more processors may come than are
 * known. Such a one runs it whenever its host lets it, Linux or not.
 */
static void keep_trampoline(struct memory *memory, const struct machine_pc *pc)
{
	if (pc->has_late_cpus)
		memory_set(memory, AP_TRAMPOLINE_BASE, MEMORY_PAGE_SIZE,
		           MEMORY_RESERVED);
}

/* These come first: the blob must not work where one lies. */
static void use_tables(struct memory *memory, const struct machine_pc *pc)
{
	for (uint32_t i = 0; i < pc->table_count; i++)
		memory_use(memory, paging_paddr(pc->tables[i].data),
		           pc->tables[i].size);
}

void arch_claim(struct memory *memory, const struct machine *machine,
                const struct handoff *handoff)
{
	/* All PCs have devices there, whatever the VMM says. */
	memory_use(memory, BLOB_MAP_HIGH_BASE, FOUR_GIB - BLOB_MAP_HIGH_BASE);
	use_tables(memory, &machine->pc);
	room_claim_low_x86(memory);
	keep_trampoline(memory, &machine->pc);
	igvm_claim(memory, handoff);
	use_handoff(memory, machine, handoff);
	for (uint32_t i = 0; i < machine->pci_host_count; i++) {
		const struct machine_pci_host *host = &machine->pci_hosts[i];

		if (host->ecam_paddr)
			memory_set(memory, host->ecam_paddr, host->ecam_size,
			           MEMORY_RESERVED);
	}
}
