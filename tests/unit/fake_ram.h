/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/unit/fake_ram.h - memory of the host where the guest has its RAM
 *
 * The blob works at fixed physical addresses. A test has memory at the same
 * virtual addresses. Other addresses fault.
 */
#ifndef TESTS_UNIT_FAKE_RAM_H
#define TESTS_UNIT_FAKE_RAM_H

#include "common/lib/compiler.h"

/* Maps [base, end), zeroed. Returns false if the host does not allow it. */
bool fake_ram_map(paddr_t base, paddr_t end);

/* Maps memory that is mapped already, on whole pages, a second time. */
bool fake_ram_alias(paddr_t base, paddr_t end, paddr_t alias);

/* Tells whether every byte of [base, end) is this one. */
bool fake_ram_is(paddr_t base, paddr_t end, uint8_t byte);

/*
 * Prints a line that says why the test is skipped, and returns main()'s status.
 * Only root can map memory below vm.mmap_min_addr.
 */
int fake_ram_skip(const char *test);

#endif
