/* SPDX-License-Identifier: BSD-2-Clause */
/* common/ledger.h - what this boot found and did, for `--verbose` */
#ifndef COMMON_LEDGER_H
#define COMMON_LEDGER_H

struct boot;

/* Notes that a step is done, and when. */
void ledger_mark(struct boot *boot, const char *step);

/* If the bundle asks for it: door, machine, payload, placement, times. */
void ledger_print(const struct boot *boot);

#endif
