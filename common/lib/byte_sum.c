/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/lib/byte_sum.c - the checksum of firmware tables, 8 bytes at a time
 *
 * The tables of a thousand CPUs have about 60 KiB, which the boot reads once
 * more only to sum them. A plain loop over bytes takes eight times as long.
 */
#include "common/lib/byte_sum.h"

/* Selects a word's bytes at even places, each with 16 bits to grow in. */
#define EVEN_BYTES 0x00ff00ff00ff00ff

/* A block adds 256 bytes to each lane of 16 bits, so no lane overflows. */
#define BLOCK_SIZE 1024

static_assert(BLOCK_SIZE / 4 * 0xff <= 0xffff, "fold()");

/*
 * These are sums of words: `all` adds whole words, `even` only their bytes at
 * even places.
 */
struct sums {
	uint64_t all;
	uint64_t even;
};

static inline void add_word(struct sums *sums, uint64_t word)
{
	sums->all += word;
	sums->even += word & EVEN_BYTES;
}

/* Returns a number whose lowest eight bits are the sum of all bytes. */
static inline uint64_t fold(struct sums sums)
{
	/* The difference is what the bytes at odd places add up to. */
	uint64_t lanes = ((sums.all - sums.even) >> 8) + sums.even;

	lanes &= EVEN_BYTES;
	lanes += lanes >> 32;
	return lanes + (lanes >> 16);
}

/* Sums `size` bytes, which is a multiple of 8 and at most BLOCK_SIZE. */
static inline uint64_t sum_block(const uint8_t *from, uint64_t size)
{
	const uint8_t *end = from + size;
	struct sums sums = { 0 };

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
