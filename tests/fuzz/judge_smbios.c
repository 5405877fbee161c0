/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/fuzz/judge_smbios.c - a reader of SMBIOS 3, DSP0134 3.4; see judge.h */
#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/judge.h"

/* Returns the end of a structure: its strings end with an empty one. */
static const uint8_t *judge_structure(const uint8_t *at, const uint8_t *end)
{
	uint32_t highest = 0, count = 0;

	FUZZ_EXPECT(end - at >= 4 && at[1] >= 4 && end - at >= at[1] + 2);
	/* The first fields of types 0, 1 and 3 name strings. */
	if (at[0] == 0 || at[0] == 1)
		highest = at[4] > at[5] ? at[4] : at[5];
	if (at[0] == 3)
		highest = at[4];
	for (at += at[1]; at < end && *at; count++) {
		const uint8_t *nul = memchr(at, 0, (size_t)(end - at));

		FUZZ_EXPECT(nul);
		at = nul + 1;
	}
	FUZZ_EXPECT(highest <= count);
	at += count ? 1 : 2;
	FUZZ_EXPECT(at <= end && !at[-1]);
	return at;
}

void judge_smbios(const struct judge_area *area, const uint8_t *anchor)
{
	const uint8_t *at = area->bytes, *end = at + area->size;
	uint8_t sum = 0, type;
	uint32_t size;
	uint64_t paddr;

	memcpy(&size, anchor + 12, sizeof(size));
	memcpy(&paddr, anchor + 16, sizeof(paddr));
	for (uint32_t i = 0; i < 24; i++)
		sum += anchor[i];
	FUZZ_EXPECT(!memcmp(anchor, "_SM3_", 5) && anchor[6] == 24);
	FUZZ_EXPECT(sum == 0 && anchor[7] == 3);
	FUZZ_EXPECT(paddr == area->base && size == area->size);
	do {
		type = *at;
		at = judge_structure(at, end);
	} while (type != 127);
	FUZZ_EXPECT(at == end);
}
