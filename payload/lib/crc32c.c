/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * payload/lib/crc32c.c - CRC-32C (Castagnoli) in software, as in RFC 3720
 *
 * Only the host tool uses this code. It makes its table at first use. The blob
 * itself checks its bundle by sum64.
 */
#include "payload/lib/crc32c.h"

#define POLYNOMIAL 0x82f63b78 /* with its bits reflected */

static uint32_t table[8][256];

static void make_table(void)
{
	for (uint32_t i = 0; i < 256; i++) {
		uint32_t crc = i;

		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? POLYNOMIAL : 0);
		table[0][i] = crc;
	}
	for (uint32_t i = 0; i < 256; i++) {
		for (int k = 1; k < 8; k++) {
			uint32_t crc = table[k - 1][i];

			table[k][i] = crc >> 8 ^ table[0][crc & 0xff];
		}
	}
}

/* Takes eight bytes at once: table[k] is for a byte with k bytes behind it. */
static uint32_t step8(uint32_t crc, const uint8_t *p)
{
	uint64_t word = load_le64(p) ^ crc;

	crc = 0;
	for (int k = 0; k < 8; k++)
		crc ^= table[7 - k][word >> 8 * k & 0xff];
	return crc;
}

uint32_t crc32c(uint32_t crc, const void *data, uint64_t size)
{
	const uint8_t *p = data;

	if (table[0][1] == 0)
		make_table();
	crc = ~crc;
	for (; size >= 8; size -= 8, p += 8)
		crc = step8(crc, p);
	for (; size > 0; size--)
		crc = crc >> 8 ^ table[0][(crc ^ *p++) & 0xff];
	return ~crc;
}
