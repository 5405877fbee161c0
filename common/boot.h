/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/boot.h - struct boot: the work area that holds what the boot makes
 *
 * The blob has neither .data nor .bss, so that it runs from ROM at any address.
 * The door puts the work area somewhere in RAM. boot_main() gives each stage
 * the parts that it needs, never the whole. Only console.c, stop.c and
 * exception.c of an architecture find the work area by themselves.
 */
#ifndef COMMON_BOOT_H
#define COMMON_BOOT_H

#include "common/describe/ledger.h"
#include "common/lib/string.h"
#include "common/machine/handoff.h"
#include "common/machine/machine.h"
#include "common/memory/memory.h"
#include "common/payload/payload.h"
#include "common/place/guest.h"

/*
 * Under a hypervisor each page that is touched first is an exit. So the parts
 * that every boot touches come first, and what large arrays few boots fill are
 * behind.
 */
struct boot {
	struct handoff handoff;
	uint32_t uart_waits; /* how often the UART was not ready in a row */
	bool has_console;    /* the UART was set up */
	bool is_refusing;    /* a refusal is told; the next one is not */
	bool is_stopping;    /* arch_stop() runs; another panic ends it */
	struct guest guest;
	struct ledger ledger;
	struct machine machine;
	struct payload payload;
	struct memory memory;
};

/*
 * Every door clears the work area first. It leaves the big arrays as they are,
 * since counts say how much of them is valid.
 */
static inline void boot_clear(struct boot *boot)
{
	memset(boot, 0, offsetof(struct boot, machine) + MACHINE_CLEAR_SIZE);
	memset(&boot->payload, 0, PAYLOAD_CLEAR_SIZE);
}

/* Runs the whole boot, see common/main.c. The door has filled boot->handoff. */
NORETURN void boot_main(struct boot *boot);

#endif
