/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/unit/fake_map.h - page tables that only remember what is mapped
 *
 * They implement arch_map() and arch_map_device(). On the host a test can reach
 * all of its memory; this module tells what the blob would have mapped.
 */
#ifndef TESTS_UNIT_FAKE_MAP_H
#define TESTS_UNIT_FAKE_MAP_H

#include "common/lib/compiler.h"

#define FAKE_ADDRESS_BITS 42 /* arch_address_bits */

/* Forgets all that is mapped. */
void fake_map_clear(void);

/* Tells whether one call has mapped all of it, as memory or as registers. */
bool fake_map_has(paddr_t base, uint64_t size);
bool fake_map_has_device(paddr_t base, uint64_t size);

#endif
