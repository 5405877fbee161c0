/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/unit/test_byte_sum.c - compares the fast byte sum with a plain one */
#include <string.h>

#include "common/lib/byte_sum.h"
#include "tests/unit/test.h"

static _Alignas(8) uint8_t area[8192 + 16];

static uint8_t plain_sum(const uint8_t *bytes, size_t size)
{
	uint8_t sum = 0;

	while (size-- > 0)
		sum = (uint8_t)(sum + *bytes++);
	return sum;
}

static void expect_same(void)
{
	for (size_t start = 0; start < 8; start++) {
		for (size_t size = 0; size <= 300; size++)
			EXPECT_EQ(byte_sum(area + start, size),
			          plain_sum(area + start, size));
		for (size_t size = 1000; size <= 8192; size += 13)
			EXPECT_EQ(byte_sum(area + start, size),
			          plain_sum(area + start, size));
	}
}

static void any_bytes_at_any_address_are_summed(void)
{
	uint32_t random = 1;

	for (size_t i = 0; i < sizeof(area); i++) {
		random = random * 1103515245 + 12345;
		area[i] = (uint8_t)(random >> 16);
	}
	expect_same();
}

static void the_greatest_bytes_do_not_overflow(void)
{
	memset(area, 0xff, sizeof(area));
	expect_same();
}

static void only_the_bytes_asked_for_count(void)
{
	memset(area, 0, sizeof(area));
	area[0] = 1;
	area[8] = 2;
	area[19] = 4;
	EXPECT_EQ(byte_sum(area + 1, 18), 2);
	EXPECT_EQ(byte_sum(area, 0), 0);
	EXPECT_EQ(byte_sum(area, 20), 7);
}

int main(void)
{
	RUN(any_bytes_at_any_address_are_summed);
	RUN(the_greatest_bytes_do_not_overflow);
	RUN(only_the_bytes_asked_for_count);
	return test_status();
}
