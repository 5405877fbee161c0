/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/fuzz/random_machine.h - random parts of machines, such as probes find
 *
 * Numbers keep what struct machine promises: identifiers ascend, ranges are
 * apart and do not wrap, counts are within their limits.
 */
#ifndef TESTS_FUZZ_RANDOM_MACHINE_H
#define TESTS_FUZZ_RANDOM_MACHINE_H

#include "common/machine/machine.h"
#include "tests/fuzz/fuzz.h"

/* Fills CPUs, in nodes or not, with identifiers below `id_end`. */
void random_cpus(struct fuzz_input *input, struct machine *machine,
                 uint64_t id_end);

/* Fills RAM, in the nodes that there are. */
void random_ram(struct fuzz_input *input, struct machine *machine);

void random_pci(struct fuzz_input *input, struct machine *machine);
void random_slots(struct fuzz_input *input, struct machine *machine);

#endif
