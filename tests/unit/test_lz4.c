/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/unit/test_lz4.c - the blob's LZ4 decoder against liblz4, and sum64
 *
 * Buffers have exactly the size that the decoder is told, so that the address
 * sanitizer sees each byte too many.
 */
#include <lz4.h>
#include <lz4hc.h>
#include <stdlib.h>
#include <string.h>

#include "common/payload/unpack/lz4.h"
#include "common/payload/unpack/lz_copy.h"
#include "common/lib/sum64.h"
#include "common/spec/bundle.h"
#include "payload/write/lz4_pack.h"
#include "payload/lib/tool.h"
#include "tests/unit/test.h"

/* It is more than an offset can reach back: the decoder has a loop for it. */
#define PLAIN_MAX  (5 << 15)

#define ZEROS_SIZE 77 /* in a section */

static uint8_t plain[PLAIN_MAX];

/* Makes runs, repeats at all small distances, far repeats and noise. */
static void make_plain(uint32_t size)
{
	uint32_t at = 0;

	while (at < size) {
		uint32_t kind = test_random_below(4);
		uint32_t length = 1 + test_random_below(kind == 0 ? 3000 : 40);
		uint32_t distance =
			1 + test_random_below(kind == 2 ? 4000 : 20);

		for (; length > 0 && at < size; length--, at++)
			plain[at] = kind == 1 || distance > at
			                    ? (uint8_t)test_random_below(256)
			                    : plain[at - distance];
	}
}

/* Returns a copy whose end is the end of its allocation. */
static uint8_t *exact_copy(const void *data, size_t size)
{
	uint8_t *copy = malloc(size > 0 ? size : 1);

	memcpy(copy, data, size);
	return copy;
}

static size_t compress(uint8_t *packed, uint32_t size, int level)
{
	int bound = LZ4_compressBound(PLAIN_MAX);

	return (size_t)(level == 0 ? LZ4_compress_default((const char *)plain,
	                                                  (char *)packed,
	                                                  (int)size, bound)
	                           : LZ4_compress_HC((const char *)plain,
	                                             (char *)packed, (int)size,
	                                             bound, level));
}

static bool decodes(const uint8_t *packed, size_t packed_size, uint32_t size)
{
	uint8_t *src = exact_copy(packed, packed_size);
	uint8_t *dest = malloc(size > 0 ? size : 1);
	bool is_good = lz4_decode_block(dest, size, src, packed_size);

	if (is_good)
		EXPECT(memcmp(dest, plain, size) == 0);
	free(src);
	free(dest);
	return is_good;
}

static void what_liblz4_packs_is_unpacked(void)
{
	static uint8_t packed[LZ4_COMPRESSBOUND(PLAIN_MAX)];

	for (uint32_t i = 0; i < 600; i++) {
		uint32_t size = i < 300 ? i : test_random_below(PLAIN_MAX);

		test_seed = i;
		make_plain(size);
		EXPECT(decodes(packed, compress(packed, size, i % 2 * 9),
		               size));
	}
}

void *allocate(uint64_t size)
{
	return calloc(1, size);
}

/* Our packer's output must be in the format, so liblz4 unpacks it, too. */
static void what_we_pack_is_unpacked(void)
{
	static uint8_t packed[LZ4_COMPRESSBOUND(PLAIN_MAX)];
	static uint8_t unpacked[PLAIN_MAX];

	for (uint32_t i = 0; i < 600; i++) {
		uint32_t size =
			1 + (i < 300 ? i : test_random_below(PLAIN_MAX - 1));
		size_t packed_size;

		test_seed = i;
		make_plain(size);
		packed_size = lz4_pack_block(packed, plain, size);
		EXPECT(packed_size <= (size_t)LZ4_compressBound((int)size));
		EXPECT(decodes(packed, packed_size, size));
		EXPECT_EQ(LZ4_decompress_safe((char *)packed, (char *)unpacked,
		                              (int)packed_size, (int)size),
		          size);
		EXPECT(memcmp(unpacked, plain, size) == 0);
	}
}

static void a_block_of_zeros_is_unpacked(void)
{
	static uint8_t packed[LZ4_COMPRESSBOUND(PLAIN_MAX)];

	memset(plain, 0, sizeof(plain));
	EXPECT(decodes(packed, compress(packed, PLAIN_MAX, 9), PLAIN_MAX));
	EXPECT(decodes(packed, lz4_pack_block(packed, plain, PLAIN_MAX),
	               PLAIN_MAX));
}

static void another_size_is_refused(void)
{
	static uint8_t packed[LZ4_COMPRESSBOUND(PLAIN_MAX)];
	size_t size;

	test_seed = 1;
	make_plain(1000);
	size = compress(packed, 1000, 0);
	EXPECT(!decodes(packed, size, 999));
	EXPECT(!decodes(packed, size, 1001));
	EXPECT(!decodes(packed, size, 0));
}

static void every_truncation_is_refused(void)
{
	static uint8_t packed[LZ4_COMPRESSBOUND(PLAIN_MAX)];
	size_t size;

	test_seed = 2;
	make_plain(2000);
	size = compress(packed, 2000, 9);
	for (size_t i = 0; i < size; i++)
		EXPECT(!decodes(packed, i, 2000));
}

/* The result does not matter, but the sanitizer must not complain. */
static void hostile_blocks_stay_in_their_buffers(void)
{
	static uint8_t packed[LZ4_COMPRESSBOUND(PLAIN_MAX)];

	for (uint32_t i = 0; i < 30000; i++) {
		uint32_t size =
			1 + test_random_below(i % 50 ? 600 : PLAIN_MAX - 1);
		size_t packed_size;
		uint8_t *dest = malloc(size);
		uint8_t *src;

		test_seed = i;
		make_plain(size);
		packed_size = compress(packed, size, i % 2 * 9);
		for (uint32_t k = test_random_below(i % 50 ? 4 : 40) + 1; k > 0;
		     k--)
			packed[test_random_below((uint32_t)packed_size)] =
				(uint8_t)test_random_below(256);
		src = exact_copy(packed, packed_size);
		if (lz4_decode_block(dest, size, src, packed_size))
			EXPECT_EQ(LZ4_decompress_safe(
					  (char *)src, (char *)plain,
					  (int)packed_size, (int)size),
			          size);
		free(src);
		free(dest);
	}
}

/*
 * Wherever the two buffers are. The arena has bytes before the output, so that
 * only the decoder can notice.
 */
static void no_offset_reaches_before_the_output(void)
{
	enum { FAR = 70000, LITERALS = 15 + 105 };
	static const uint32_t places[] = { FAR, 3 * FAR };
	uint8_t block[5 + 2 + LITERALS] = { 0x10, 'x', 1, 0, 0xf0, 105 };
	uint8_t *arena = calloc(5, FAR);

	for (uint32_t i = 0; i < ARRAY_COUNT(places); i++) {
		uint8_t *dest = arena + 2 * FAR, *src = arena + places[i];
		const uint32_t size = 1 + 4 + LITERALS;

		block[2] = 1;
		memcpy(src, block, 6 + LITERALS);
		EXPECT(lz4_decode_block(dest, size, src, 6 + LITERALS));
		EXPECT(!memcmp(dest, "xxxxx", 5));
		src[2] = 2;
		EXPECT(!lz4_decode_block(dest, size, src, 6 + LITERALS));
		src[2] = 1 + LZ_STEP;
		EXPECT(!lz4_decode_block(dest, size, src, 6 + LITERALS));
	}
	free(arena);
}

/* Three blocks: one packed, one of zeros, one stored as it is. */
static size_t make_section(uint8_t *section)
{
	struct bundle_block block = { .size = 1000 };
	size_t size;

	block.stored_size = (uint32_t)compress(section + 8, 1000, 9);
	memcpy(section, &block, 8);
	size = align_up(8 + block.stored_size, 8);
	block.size = ZEROS_SIZE;
	block.stored_size = 0;
	memcpy(section + size, &block, 8);
	size += 8;
	block.size = 13;
	block.stored_size = 13;
	memcpy(section + size, &block, 8);
	memcpy(section + size + 8, plain + 1000 + ZEROS_SIZE, 13);
	memset(section + size + 21, 0, 3);
	return size + 24;
}

static void a_section_is_its_blocks(void)
{
	static uint8_t section[4096];
	uint8_t dest[1013 + ZEROS_SIZE];
	uint64_t sum = 0;
	size_t size;

	test_seed = 3;
	make_plain(sizeof(dest));
	memset(plain + 1000, 0, ZEROS_SIZE);
	memset(dest, 0xff, sizeof(dest));
	memset(section, 0, sizeof(section));
	size = make_section(section);
	EXPECT(lz4_decode_section(dest, sizeof(dest), section, size, &sum));
	EXPECT(memcmp(dest, plain, sizeof(dest)) == 0);
	EXPECT_EQ(sum, sum64(0, section, size));

	EXPECT(!lz4_decode_section(dest, sizeof(dest) - 1, section, size,
	                           &sum));
	for (size_t i = 0; i < size; i++)
		EXPECT(!lz4_decode_section(dest, sizeof(dest), section, i,
		                           &sum));
}

static void sum64_is_the_sum_of_its_parts(void)
{
	test_seed = 4;
	make_plain(1000);
	for (uint32_t cut = 0; cut < 999; cut += 8)
		EXPECT_EQ(sum64(sum64(0, plain, cut), plain + cut, 999 - cut),
		          sum64(0, plain, 999));
	for (uint32_t size = 0; size < 999; size++) {
		uint8_t *copy = malloc(size ? size : 1);

		EXPECT_EQ(sum64_copy(copy, plain, size), sum64(0, plain, size));
		EXPECT(memcmp(copy, plain, size) == 0);
		free(copy);
	}
	EXPECT_EQ(sum64(0, "", 0), 0);
	EXPECT_EQ(sum64(0, "\1\2\3", 3), 0x030201);
	EXPECT_EQ(sum64(0, "\1\0\0\0\0\0\0\0\1", 9), 0x2001);
}

static void sum64_sees_each_flipped_bit(void)
{
	uint64_t sum;

	test_seed = 5;
	make_plain(100);
	sum = sum64(0, plain, 100);
	for (uint32_t bit = 0; bit < 800; bit++) {
		plain[bit / 8] ^= (uint8_t)(1 << bit % 8);
		EXPECT(sum64(0, plain, 100) != sum);
		plain[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
}

int main(void)
{
	RUN(what_liblz4_packs_is_unpacked);
	RUN(what_we_pack_is_unpacked);
	RUN(a_block_of_zeros_is_unpacked);
	RUN(another_size_is_refused);
	RUN(every_truncation_is_refused);
	RUN(hostile_blocks_stay_in_their_buffers);
	RUN(no_offset_reaches_before_the_output);
	RUN(a_section_is_its_blocks);
	RUN(sum64_is_the_sum_of_its_parts);
	RUN(sum64_sees_each_flipped_bit);
	return test_status();
}
