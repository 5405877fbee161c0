/* SPDX-License-Identifier: BSD-2-Clause */
/* common/describe/ledger.h - what this boot found and did, for `--verbose` */
#ifndef COMMON_DESCRIBE_LEDGER_H
#define COMMON_DESCRIBE_LEDGER_H

#include "common/arch.h"
#include "common/boot.h"

/* Notes when a step is done. */
static inline void ledger_mark(struct boot *boot, enum ledger_step step)
{
	boot->ledger.ticks[step] = arch_ticks();
}

/* If the bundle asks for it: door, machine, payload, placement, times. */
void ledger_print(const struct boot *boot);

#endif
