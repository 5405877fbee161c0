/* SPDX-License-Identifier: BSD-2-Clause */
/* common/lib/sha256.c - SHA-256 as in FIPS 180-4, see sha256.h */
#include "common/lib/sha256.h"

#include "common/arch.h"

const uint32_t sha256_constants[64] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1,
	0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3,
	0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
	0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
	0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
	0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
	0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
	0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
	0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
	0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
	0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static uint32_t rotate(uint32_t word, int count)
{
	return word >> count | word << (32 - count);
}

static void make_schedule(uint32_t w[64], const uint8_t *block)
{
	for (int t = 0; t < 16; t++)
		w[t] = __builtin_bswap32(load_le32(block + 4 * t));
	for (int t = 16; t < 64; t++) {
		uint32_t s0 = rotate(w[t - 15], 7) ^ rotate(w[t - 15], 18) ^
		              w[t - 15] >> 3;
		uint32_t s1 = rotate(w[t - 2], 17) ^ rotate(w[t - 2], 19) ^
		              w[t - 2] >> 10;

		w[t] = s1 + w[t - 7] + s0 + w[t - 16];
	}
}

/*
 * Adds one block by FIPS 180-4, section 6.2.2. The standard's a to h are s[1]
 * to s[8]. Each round moves `s` one word down, so that no word has to be moved
 * to become the next letter.
 */
static void add_block(uint32_t hash[8], const uint8_t *block)
{
	uint32_t states[64 + 8];
	uint32_t *s = states + 64;
	uint32_t w[64];

	make_schedule(w, block);
	__builtin_memcpy(s, hash, 8 * sizeof(*s));
	for (int t = 0; t < 64; t++) {
		s--;
		uint32_t t1 = s[8] + sha256_constants[t] + w[t] +
		              (rotate(s[5], 6) ^ rotate(s[5], 11) ^
		               rotate(s[5], 25)) +
		              ((s[5] & s[6]) ^ (~s[5] & s[7]));

		s[4] += t1;
		s[0] = t1 +
		       (rotate(s[1], 2) ^ rotate(s[1], 13) ^ rotate(s[1], 22)) +
		       ((s[1] & s[2]) ^ (s[1] & s[3]) ^ (s[2] & s[3]));
	}
	for (int i = 0; i < 8; i++)
		hash[i] += s[i];
}

/* Adds blocks, by the CPU's own instructions if it has them. */
static void add_blocks(uint32_t hash[8], const uint8_t *blocks, uint64_t count)
{
	if (count == 0 || arch_sha256_blocks(hash, blocks, count))
		return;
	for (uint64_t i = 0; i < count; i++)
		add_block(hash, blocks + 64 * i);
}

void sha256(uint8_t digest[32], const void *data, uint64_t size)
{
	uint32_t hash[8] = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
		             0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19 };
	const uint8_t *p = data;
	uint8_t last[128] = { 0 };
	uint64_t left = size % 64;
	size_t last_size;

	add_blocks(hash, p, size / 64);

	/*
	 * Section 5.1.1: the last block, or the last two, end with a one bit,
	 * zeros and the size in bits.
	 */
	if (left > 0)
		__builtin_memcpy(last, p + (size - left), left);
	last[left] = 0x80;
	last_size = left < 56 ? 64 : 128;
	size = __builtin_bswap64(size * 8);
	__builtin_memcpy(last + last_size - 8, &size, 8);
	add_blocks(hash, last, last_size / 64);

	for (int i = 0; i < 8; i++)
		hash[i] = __builtin_bswap32(hash[i]);
	__builtin_memcpy(digest, hash, sizeof(hash));
}
