/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/boot.h - struct boot: the work area that holds what the boot makes
 *
 * The blob has neither .data nor .bss, so that it runs from ROM at any address;
 * the door puts this somewhere in RAM. Each stage gets the parts that it needs
 * from boot_main() and never the whole; only an architecture's console.c and
 * stop.c find it by themselves.
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

struct boot {
	struct handoff handoff;
	bool has_console; /* the UART was set up */
	bool has_faulted; /* a fault was told of: the next one is not */
	bool is_stopping; /* a panic on the way ends it */
	struct guest guest;
	struct ledger ledger;
	struct payload payload;
	struct machine machine;
	struct memory memory;
};

/* What every door does first. The big arrays are left: counts guard them. */
static inline void boot_clear(struct boot *boot)
{
	memset(boot, 0, offsetof(struct boot, payload));
	memset(&boot->payload, 0, PAYLOAD_CLEAR_SIZE);
	memset(&boot->machine, 0, MACHINE_CLEAR_SIZE);
}

/* The whole boot, see common/main.c; the door has filled boot->handoff. */
NORETURN void boot_main(struct boot *boot);

#endif
