/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/unit/fake_map.h - page tables that only remember what is mapped
 *
 * They answer arch_map() and arch_map_device(). On the host all memory of a
 * test can be reached anyway; what the blob would have to map first is asked
 * here.
 */
#ifndef TESTS_UNIT_FAKE_MAP_H
#define TESTS_UNIT_FAKE_MAP_H

#include "common/lib/compiler.h"

#define FAKE_ADDRESS_BITS 42 /* arch_address_bits */

/* Nothing is mapped. */
void fake_map_clear(void);

/* Is all of it mapped by one call, as memory or as registers? */
bool fake_map_has(paddr_t base, uint64_t size);
bool fake_map_has_device(paddr_t base, uint64_t size);

#endif
