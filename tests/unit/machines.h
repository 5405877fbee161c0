/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/unit/machines.h - recorded machines, as probes would fill them in */
#ifndef TESTS_UNIT_MACHINES_H
#define TESTS_UNIT_MACHINES_H

#include "common/machine/machine.h"

/* Returns how many machines there are. */
unsigned machines_count(void);
const char *machines_name(unsigned index);

/* Fills `machine` with the one of that index. */
void machines_fill(unsigned index, struct machine *machine);
void machines_fill_named(const char *name, struct machine *machine);

#endif
