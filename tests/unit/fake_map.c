/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/unit/fake_map.c - page tables that only remember what is mapped */
#include "tests/unit/fake_map.h"

#include "common/arch.h"

#define RANGE_MAX 256

struct range {
	paddr_t base;
	uint64_t size;
	bool is_device;
};

static struct range ranges[RANGE_MAX];
static uint32_t range_count;

const uint32_t arch_address_bits = FAKE_ADDRESS_BITS;

void fake_map_clear(void)
{
	range_count = 0;
}

static bool has(paddr_t base, uint64_t size, bool is_device)
{
	uint32_t known = range_count < RANGE_MAX ? range_count : RANGE_MAX;

	for (uint32_t i = 0; i < known; i++) {
		const struct range *range = &ranges[i];

		if (range->is_device == is_device && base >= range->base &&
		    is_within(base - range->base, size, range->size))
			return true;
	}
	return false;
}

bool fake_map_has(paddr_t base, uint64_t size)
{
	return has(base, size, false);
}

bool fake_map_has_device(paddr_t base, uint64_t size)
{
	return has(base, size, true);
}

/* If there are too many ranges, the last ones are remembered. */
static void add(paddr_t base, uint64_t size, bool is_device)
{
	if (has(base, size, is_device))
		return;
	ranges[range_count++ % RANGE_MAX] =
		(struct range){ base, size, is_device };
}

void arch_map(paddr_t base, uint64_t size)
{
	add(base, size, false);
}

void arch_map_device(paddr_t base, uint64_t size)
{
	add(base, size, true);
}
