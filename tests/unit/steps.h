/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/unit/steps.h - what every memory map keeps, asked of its steps */
#ifndef TESTS_UNIT_STEPS_H
#define TESTS_UNIT_STEPS_H

#include "common/memory/memory.h"

struct page {
	enum memory_type type;
	bool is_claimed;
};

/* The steps lead from 0 to the end of all, upwards, and no two are free RAM. */
void steps_expect_order(const struct memory *memory);

/* What the map says of one address. */
struct page steps_page_at(const struct memory *memory, paddr_t paddr);

#endif
