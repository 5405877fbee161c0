/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/describe/ledger.h - what this boot found and did, for `--verbose`
 *
 * The ledger keeps times in ticks of arch_ticks(), and prints microseconds.
 */
#ifndef COMMON_DESCRIBE_LEDGER_H
#define COMMON_DESCRIBE_LEDGER_H

#include "common/arch.h"
#include "common/lib/clock.h"
#include "common/memory/memory.h"

struct guest;
struct payload;

/* The steps of boot_main(). */
enum ledger_step {
	LEDGER_MACHINE,
	LEDGER_PAYLOAD,
	LEDGER_PLACEMENT,
	LEDGER_DESCRIPTION,
	LEDGER_COUNT,
};

/*
 * When each step was done, in arch_ticks(). The times are printed if the boot
 * is verbose, and go into the FPDT.
 */
struct ledger {
	uint64_t start_ticks;
	uint64_t ticks[LEDGER_COUNT];
};

/* Notes that a step is done now. */
static inline void ledger_mark(struct ledger *ledger, enum ledger_step step)
{
	ledger->ticks[step] = arch_ticks();
}

struct acpi_fpdt_times;

/*
 * Tells the steps so far for the FPDT. Returns false if no clock tells how long
 * a tick is.
 */
bool ledger_fpdt_times(struct acpi_fpdt_times *times,
                       const struct ledger *ledger,
                       const struct machine *machine);

/* Prints door, machine, payload, memory map, placement and times. */
void ledger_print(const struct ledger *ledger, const struct machine *machine,
                  const struct payload *payload, const struct guest *guest,
                  const struct memory *memory);

#endif
