/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/main.c - the whole boot
 *
 * Called once, on one CPU, by arch/X/, with interrupts off, a stack, and
 * *boot cleared but for what the door filled in. A step either completes or
 * panics, so nothing here is checked twice.
 */
#include "common/arch.h"
#include "common/boot.h"
#include "common/describe/ledger.h"

void boot_main(struct boot *boot)
{
	arch_discover(boot); /* what hardware there is */
	ledger_mark(boot, LEDGER_MACHINE);

	memory_init(&boot->memory, &boot->machine); /* who owns which page */
	arch_claim_memory(boot);

	payload_find(boot); /* what we are to run */
	ledger_mark(boot, LEDGER_PAYLOAD);

	arch_load_kernel(boot); /* every byte to its final address */
	disk_close(boot);
	ledger_mark(boot, LEDGER_PLACEMENT);

	arch_describe(boot); /* all that the kernel reads of us */
	ledger_mark(boot, LEDGER_DESCRIPTION);

	ledger_print(boot);
	arch_enter_kernel(boot);
}
