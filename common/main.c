/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/main.c - the whole boot
 *
 * A door in arch/X/ calls boot_main() once, on one CPU, with interrupts off,
 * with a stack, and with *boot cleared but for its handoff. A stage either
 * completes or panics, so nothing here is checked twice.
 */
#include "common/arch.h"
#include "common/boot.h"
#include "common/image.h"
#include "common/payload/smbios_given.h"
#include "common/place/place.h"

/* What places the kernel has its random numbers in fewer bytes than these. */
#define STACK_WIPE_SIZE 512

/*
 * Wipes what calls before this one have left on the stack, random numbers among
 * it, since the RAM will be the kernel's.
 */
static NOINLINE void wipe_stack(void)
{
	uint8_t below[STACK_WIPE_SIZE];

	wipe(below, sizeof(below));
}

void boot_main(struct boot *boot)
{
	const struct handoff *handoff = &boot->handoff;
	struct payload *payload = &boot->payload;
	struct memory *memory = &boot->memory;
	struct guest *guest = &boot->guest;
	struct ledger *ledger = &boot->ledger;
	const struct machine *machine; /* const once it is known */
	struct machine_range platform;
	paddr_t description;

	payload_open_own(payload, handoff); /* options, and perhaps all of it */
	platform = payload_platform(payload);

	machine = arch_probe(&boot->machine, handoff, &platform); /* hardware */
	paravisor_split(&boot->machine, payload, handoff); /* a guest's RAM */
	ledger->start_ticks = handoff->start_ticks;
	ledger_mark(ledger, LEDGER_MACHINE);

	memory_init(memory, machine); /* who owns which page */
	arch_claim(memory, machine, handoff);
	arch_start(machine); /* the other CPUs, meanwhile */

	smbios_given_read(&boot->machine, memory);
	payload_restrict(payload, &boot->machine); /* by a pin */
	payload_find(payload, machine, memory);    /* what to boot */
	ledger_mark(ledger, LEDGER_PAYLOAD);

	arch_place_kernel(&guest->kernel, payload, machine, memory);
	guest->initrd = place_initrd(payload, machine, &guest->kernel, memory);
	place_cmdline(&guest->cmdline, payload, &guest->kernel, memory);
	igvm_append_cmdline(&guest->cmdline, payload, machine, handoff);
	payload_close(payload);
	ledger_mark(ledger, LEDGER_PLACEMENT);

	description = arch_describe(machine, payload, guest, memory, ledger);
	ledger_mark(ledger, LEDGER_DESCRIPTION);

	if (payload->options.is_verbose)
		ledger_print(ledger, machine, payload, guest, memory);
	wipe_stack();
	arch_enter(&boot->machine, guest, description);
}
