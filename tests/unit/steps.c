/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/unit/steps.c - what every memory map keeps, see steps.h */
#include "tests/unit/steps.h"

#include "tests/unit/test.h"

void steps_expect_order(const struct memory *memory)
{
	const struct memory_step *step = memory->steps;

	EXPECT(step < memory->end);
	EXPECT(memory->end <= &memory->steps[MEMORY_STEP_MAX]);
	EXPECT_EQ(step->base, 0);
	for (; step != memory->end; step++) {
		EXPECT(step[0].base < step[1].base);
		EXPECT(step[0].kind != MEMORY_RAM ||
		       step[1].kind != MEMORY_RAM);
	}
	EXPECT_EQ(step->base, UINT64_MAX);
}

struct page steps_page_at(const struct memory *memory, paddr_t paddr)
{
	for (const struct memory_step *step = memory->steps;
	     step != memory->end; step++) {
		const struct memory_range range = memory_range(step);

		if (paddr >= range.base && paddr - range.base < range.size)
			return (struct page){ range.type, range.is_claimed };
	}
	return (struct page){ MEMORY_NONE, false };
}
