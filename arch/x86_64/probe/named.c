/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/x86_64/probe/named.c - devices that the VMM's command line names */
#include "arch/x86_64/probe/named.h"

#include "arch/x86_64/lib/device_word.h"
#include "common/lib/console.h"

void named_probe(struct machine *machine)
{
	struct machine_pc *pc = &machine->pc;
	/* If microvm.c knows the slots, the devices are in some of them. */
	bool is_known = machine->virtio_mmio_count != 0;
	const char *text = machine->given.cmdline;
	struct machine_virtio_mmio slot;

	while (text && (text = device_word_next(text, &slot)) != NULL) {
		if (pc->named_count == MACHINE_NAMED_MAX)
			panic("cmdline: more than %u virtio-mmio devices",
			      MACHINE_NAMED_MAX);
		pc->named[pc->named_count++] = slot;
		if (!is_known)
			machine->virtio_mmio[machine->virtio_mmio_count++] =
				slot;
	}
}
