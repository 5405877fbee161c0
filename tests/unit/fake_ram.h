/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/unit/fake_ram.h - memory of the host where the guest has its RAM
 *
 * The blob works at fixed physical addresses, which a test has at the same
 * virtual ones. What is not mapped faults.
 */
#ifndef TESTS_UNIT_FAKE_RAM_H
#define TESTS_UNIT_FAKE_RAM_H

#include "common/lib/compiler.h"

/* Maps [base, end), zeroed. False: the host does not allow it. */
bool fake_ram_map(paddr_t base, paddr_t end);

/* Is all of it this byte? */
bool fake_ram_is(paddr_t base, paddr_t end, uint8_t byte);

/*
 * What main() returns when it cannot map what it needs, after a line that says
 * so: only root may have what lies below vm.mmap_min_addr.
 */
int fake_ram_skip(const char *test);

#endif
