/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/unit/machines.h - machines as the probes fill them in, for tests */
#ifndef TESTS_UNIT_MACHINES_H
#define TESTS_UNIT_MACHINES_H

#include "common/machine/machine.h"

/* Calls fill[0] to fill[count - 1]; names and fillers are in machines.c. */
unsigned machines_count(void);
const char *machines_name(unsigned index);

/* Fills `machine`, of which nothing is known before, with the one wanted. */
void machines_fill(unsigned index, struct machine *machine);
void machines_fill_named(const char *name, struct machine *machine);

#endif
