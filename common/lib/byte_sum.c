/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/lib/byte_sum.c - the checksum of firmware tables, eight bytes at a
 * time
 *
 * The tables of a thousand CPUs have some 60 KiB, which the boot reads once
 * more only to sum them. A plain loop over bytes takes eight times as long.
 */
#include "common/lib/byte_sum.h"

/* The bytes of a word at even places, each with 16 bits to grow in. */
#define EVEN_BYTES 0x00ff00ff00ff00ff

/* A block puts 256 bytes into each lane of 16 bits: none can overflow. */
#define BLOCK_SIZE 1024

static_assert(BLOCK_SIZE / 4 * 0xff <= 0xffff, "fold()");

/* Words added up: all of each, and only its bytes at even places. */
struct sums {
	uint64_t all;
	uint64_t even;
};

static inline void add_word(struct sums *sums, uint64_t word)
{
	sums->all += word;
	sums->even += word & EVEN_BYTES;
}

/* The sum of all bytes, right in its lowest eight bits. */
static inline uint64_t fold(struct sums sums)
{
	/* What is not in the even places is in the odd ones. */
	uint64_t lanes = ((sums.all - sums.even) >> 8) + sums.even;

	lanes &= EVEN_BYTES;
	lanes += lanes >> 32;
	return lanes + (lanes >> 16);
}

/* The sum of up to BLOCK_SIZE bytes, a multiple of 8. */
static inline uint64_t sum_block(const uint8_t *from, uint64_t size)
{
	const uint8_t *end = from + size;
	struct sums sums = { 0 };

	for (; end - from >= 32; from += 32) {
		add_word(&sums, load_le64(from));
		add_word(&sums, load_le64(from + 8));
		add_word(&sums, load_le64(from + 16));
		add_word(&sums, load_le64(from + 24));
	}
	for (; from != end; from += 8)
		add_word(&sums, load_le64(from));
	return fold(sums);
}

uint8_t byte_sum(const void *from, uint64_t size)
{
	const uint8_t *bytes = from;
	uint64_t rest = size % 8, sum = 0, block;

	for (size -= rest; size; size -= block, bytes += block) {
		block = min_u64(size, BLOCK_SIZE);
		sum += sum_block(bytes, block);
	}
	for (; rest; rest--)
		sum += *bytes++;
	return (uint8_t)sum;
}
