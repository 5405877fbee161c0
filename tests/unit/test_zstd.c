/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/unit/test_zstd.c - the blob's zstd decoder against libzstd
 *
 * Buffers have exactly the size that the decoder is told, so that the address
 * sanitizer sees each byte too many.
 */
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "common/payload/unpack/zstd.h"
#include "tests/unit/test.h"

#define PLAIN_MAX  (1 << 20)
#define PACKED_MAX (PLAIN_MAX + 4096)

static uint8_t plain[PLAIN_MAX];
static uint8_t packed[PACKED_MAX];

/* Makes text of few letters or of all, runs, and repeats near and far. */
static void make_plain(uint32_t size)
{
	uint32_t letters = 1 + test_random_below(256);
	uint32_t at = 0;

	while (at < size) {
		uint32_t kind = test_random_below(5);
		uint32_t length = 1 + test_random_below(kind == 0 ? 3000 : 60);
		uint32_t reach = kind == 2 ? 400000 : 30;
		uint32_t distance = 1 + test_random_below(reach);

		for (; length > 0 && at < size; length--, at++)
			plain[at] =
				kind == 1 || distance > at
					? (uint8_t)(test_random_below(letters) *
			                            test_random_below(2))
					: plain[at - distance];
	}
}

static size_t compress(uint32_t size, int level, bool has_checksum)
{
	ZSTD_CCtx *context = ZSTD_createCCtx();
	size_t packed_size;

	ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level);
	ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, has_checksum);
	packed_size =
		ZSTD_compress2(context, packed, sizeof(packed), plain, size);
	ZSTD_freeCCtx(context);
	return packed_size;
}

/* Decodes into *dest, which the caller frees. */
static bool decode(uint8_t **dest, size_t packed_size, uint32_t size)
{
	uint8_t *src = malloc(packed_size > 0 ? packed_size : 1);
	struct zstd *workspace = malloc(ZSTD_WORKSPACE_SIZE);
	bool is_good;

	*dest = malloc(size > 0 ? size : 1);
	memcpy(src, packed, packed_size);
	memset(workspace, 0xa5, ZSTD_WORKSPACE_SIZE);
	is_good = zstd_decode_frame(workspace, *dest, size, src, packed_size);
	free(src);
	free(workspace);
	return is_good;
}

static bool decodes(size_t packed_size, uint32_t size)
{
	uint8_t *dest;
	bool is_good = decode(&dest, packed_size, size);

	if (is_good)
		EXPECT(memcmp(dest, plain, size) == 0);
	free(dest);
	return is_good;
}

static void what_libzstd_packs_is_unpacked(void)
{
	for (uint32_t i = 0; i < 300; i++) {
		uint32_t size = i < 100 ? i : test_random_below(20000);

		test_seed = i;
		make_plain(size);
		EXPECT(decodes(compress(size, (int)(i % 22) + 1, i % 2), size));
	}
}

static void many_blocks_are_unpacked(void)
{
	for (int level = -5; level <= 19; level += 3) {
		test_seed = (uint32_t)level + 100;
		make_plain(PLAIN_MAX);
		EXPECT(decodes(compress(PLAIN_MAX, level, false), PLAIN_MAX));
	}
}

/* Section 3.1.1.3.2.1.1: literals and matches up to 64 KiB, and beyond. */
static void each_length_has_its_code(void)
{
	for (uint32_t shift = 2; shift <= 16; shift++) {
		uint32_t length =
			(1U << shift) + test_random_below(1U << shift);
		uint32_t size = 0;

		test_seed = shift;
		for (; size < length; size++)
			plain[size] = (uint8_t)test_random_below(256);
		for (uint32_t i = 0; i < length; i++)
			plain[size++] = plain[i];
		for (uint32_t i = 0; i < length; i++)
			plain[size++] = (uint8_t)test_random_below(256);
		for (uint32_t i = 0; i < length / 2; i++)
			plain[size++] = plain[2 * length + i];
		for (int level = 1; level <= 19; level += 6)
			EXPECT(decodes(compress(size, level, false), size));
	}
}

/* Section 3.1.1.3.1.1: the sizes of literals take 10, 14 or 18 bits each. */
static void literals_have_headers_of_each_size(void)
{
	static const uint32_t sizes[] = { 1023,  1024,  16383,
		                          16384, 65536, 131072 };

	test_seed = 5;
	for (uint32_t i = 0; i < PLAIN_MAX; i++)
		plain[i] =
			(uint8_t)(test_random_below(16) * test_random_below(3));
	for (uint32_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		EXPECT(decodes(compress(sizes[i], 1, false), sizes[i]));
}

static void trees_of_each_size_are_read(void)
{
	for (uint32_t letters = 2; letters <= 256; letters++) {
		test_seed = letters;
		for (uint32_t i = 0; i < 3000; i++)
			plain[i] =
				(uint8_t)(i < letters
			                          ? i
			                          : test_random_below(
							    1 +
							    test_random_below(
								    letters)));
		EXPECT(decodes(compress(3000, 3, false), 3000));
	}
}

/*
 * Writes 8 bytes as they are, and a block of `count` sequences, each of which
 * is a match of three bytes. All codes stand for one symbol, which takes no
 * bits. Returns the frame's size.
 */
static size_t put_sequences(uint32_t count)
{
	static const uint8_t start[] = { 0x28, 0xb5, 0x2f, 0xfd, 0,   0x58,
		                         0x40, 0,    0,    'a',  'a', 'a',
		                         'a',  'a',  'a',  'a',  'a' };
	static const uint8_t codes[] = { 0x54, 0, 0, 0, 1 };
	uint8_t block[] = { 0, 0, 0, 0 }; /* no literals */
	uint32_t block_size = 2, header;
	size_t at = sizeof(start);

	memcpy(packed, start, sizeof(start));
	if (count < 128) {
		block[1] = (uint8_t)count;
	} else if (count < 0x7f00) {
		block[1] = (uint8_t)(128 + (count >> 8));
		block[2] = (uint8_t)count;
		block_size = 3;
	} else {
		block[1] = 255;
		block[2] = (uint8_t)(count - 0x7f00);
		block[3] = (uint8_t)((count - 0x7f00) >> 8);
		block_size = 4;
	}
	header = 1 | 2 << 1 | (block_size + (uint32_t)sizeof(codes)) << 3;
	memcpy(packed + at, &header, 3);
	memcpy(packed + at + 3, block, block_size);
	memcpy(packed + at + 3 + block_size, codes, sizeof(codes));
	return at + 3 + block_size + sizeof(codes);
}

/* Section 3.1.1.3.2.1: one, two or three bytes. */
static void the_count_of_sequences_has_each_size(void)
{
	static const uint32_t counts[] = { 1,      127,    128,    255,
		                           256,    0x7dff, 0x7e00, 0x7eff,
		                           0x7f00, 0x7f01, 0x8000 };

	memset(plain, 'a', sizeof(plain));
	for (uint32_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		uint32_t size = 8 + 3 * counts[i];
		size_t packed_size = put_sequences(counts[i]);

		EXPECT(decodes(packed_size, size));
		EXPECT(!decodes(packed_size, size - 1));
		EXPECT(!decodes(packed_size, size + 1));
	}
}

static void runs_and_noise_are_unpacked(void)
{
	memset(plain, 7, sizeof(plain));
	EXPECT(decodes(compress(PLAIN_MAX, 19, false), PLAIN_MAX));
	test_seed = 1;
	for (uint32_t i = 0; i < PLAIN_MAX; i++)
		plain[i] = (uint8_t)test_random_below(256);
	EXPECT(decodes(compress(PLAIN_MAX, 3, false), PLAIN_MAX));
}

static void another_size_is_refused(void)
{
	size_t packed_size;

	test_seed = 2;
	make_plain(5000);
	packed_size = compress(5000, 19, false);
	EXPECT(!decodes(packed_size, 4999));
	EXPECT(!decodes(packed_size, 5001));
	EXPECT(!decodes(packed_size, 0));
}

static void every_truncation_is_refused(void)
{
	size_t packed_size;

	test_seed = 3;
	make_plain(3000);
	packed_size = compress(3000, 19, false);
	for (size_t i = 0; i < packed_size; i++)
		EXPECT(!decodes(i, 3000));
}

/* A code one bit longer than any symbol needs is harmless, but wrong. */
static void a_code_longer_than_its_symbols_need_is_refused(void)
{
	static const uint8_t frame[] = {
		0x28, 0xb5, 0x2f, 0xfd, 0x60, 0xbc, 0x01, 0x75,
		0x00, 0x00, 0x72, 0x41, 0x01, 0x80, 0x29, 0x18,
		0x10, 0x80, 0x01, 0x00, 0x45, 0x69, 0x35, 0x9b,
	};

	memcpy(packed, frame, sizeof(frame));
	EXPECT(ZSTD_isError(
		ZSTD_decompress(plain, 700, packed, sizeof(frame))));
	EXPECT(!decodes(sizeof(frame), 700));
}

/* Writes empty blocks and then one of `size` bytes; returns the frame's size.
 */
static size_t put_blocks(uint32_t empty_count, uint32_t size)
{
	static const uint8_t head[] = { 0x28, 0xb5, 0x2f, 0xfd, 0, 0x58 };
	uint32_t last = 1 | size << 3;
	size_t at = sizeof(head);

	memcpy(packed, head, sizeof(head));
	for (; empty_count > 0; empty_count--, at += 3)
		memset(packed + at, 0, 3);
	memcpy(packed + at, &last, 3);
	memcpy(packed + at + 3, plain, size);
	return at + 3 + size;
}

/* Ends a frame by a block of type `type`; returns the frame's size. */
static size_t put_last_block(size_t at, uint32_t type, const uint8_t *block,
                             uint32_t size)
{
	uint32_t header = 1 | type << 1 | size << 3;

	memcpy(packed + at, &header, 3);
	memcpy(packed + at + 3, block, size);
	return at + 3 + size;
}

/* Section 3.1.1.1.1: a window, unless there is one segment, and a size. */
static void headers_of_each_size_are_passed_over(void)
{
	static const uint8_t sizes[] = { 0, 2, 4, 8 };

	for (uint32_t flags = 0; flags < 256; flags += 0x20) {
		bool is_single = flags & 0x20;
		size_t at =
			5 + sizes[flags >> 6] + (is_single ? flags < 0x40 : 1);

		put_blocks(0, 0);
		memset(packed + 5, 0x11, at - 5);
		packed[4] = (uint8_t)flags;
		EXPECT(decodes(put_last_block(at, 0, plain, 100), 100));
	}
}

static void a_block_of_the_reserved_type_is_refused(void)
{
	put_blocks(0, 0);
	EXPECT(decodes(put_last_block(6, 0, plain, 100), 100));
	EXPECT(!decodes(put_last_block(6, 3, plain, 100), 100));
}

/* Where sections are cut off, the address sanitizer sees a byte too many. */
static void blocks_of_few_bytes_stay_in_their_buffers(void)
{
	put_blocks(0, 0);
	EXPECT(!decodes(put_last_block(6, 2, plain, 0), 0));
	for (uint32_t i = 0; i < 0x10000; i += i < 256 ? 1 : 37) {
		uint8_t block[] = { (uint8_t)i, (uint8_t)(i >> 8) };
		uint32_t size = i < 256 ? 1 : 2;
		size_t packed_size = put_last_block(6, 2, block, size);
		uint8_t *dest;

		EXPECT(!decode(&dest, packed_size, 0));
		free(dest);
	}
}

/* Zeros behind the end would be the description of a table. */
static void tables_that_are_cut_off_are_refused(void)
{
	put_blocks(0, 0);
	for (uint32_t modes = 0; modes < 256; modes++) {
		uint8_t block[] = { 0, 1, (uint8_t)modes, 0, 0 };

		for (uint32_t size = 3; size <= sizeof(block); size++) {
			uint8_t *dest;

			EXPECT(!decode(&dest, put_last_block(6, 2, block, size),
			               100));
			free(dest);
		}
	}
}

/* Section 4.1.1: each two bits that are 3 say that three more have none. */
static void tables_of_too_many_symbols_are_refused(void)
{
	static const uint8_t start[] = { 0, 1, 0x80, 0x10, 0xfe };
	uint8_t block[32];
	uint8_t *dest;

	memset(block, 0xff, sizeof(block));
	memcpy(block, start, sizeof(start));
	put_blocks(0, 0);
	EXPECT(!decode(&dest, put_last_block(6, 2, block, sizeof(block)), 100));
	free(dest);
}

/* Section 3.1.1.3.1.6: the sizes of four streams take six bytes. */
static void streams_without_their_sizes_are_refused(void)
{
	test_seed = 6;
	for (uint32_t i = 0; i < 3000; i++)
		plain[i] = (uint8_t)test_random_below(20);
	for (uint32_t size = 1; size < 12; size++) {
		/* The tree before, format 1, 12 literals */
		uint32_t header = 3 | 1 << 2 | 12 << 4 | size << 14;
		size_t at = compress(3000, 3, false);
		uint8_t block[16] = { 0 };
		uint8_t *dest;

		EXPECT_EQ(packed[7] & 7, 5); /* the last block, compressed */
		packed[7] &= (uint8_t)~1;
		memcpy(block, &header, 3);
		memset(block + 3, 1, size);
		at = put_last_block(at, 2, block, 3 + size);
		EXPECT(!decode(&dest, at, 3012));
		free(dest);
	}
}

static void the_number_of_blocks_is_limited(void)
{
	EXPECT(decodes(put_blocks(63, 0), 0));
	EXPECT(!decodes(put_blocks(64, 0), 0));
	EXPECT(decodes(put_blocks(63, 1023), 1023));
	EXPECT(decodes(put_blocks(64, 1024), 1024));
	EXPECT(!decodes(put_blocks(65, 1024), 1024));
	EXPECT(!decodes(put_blocks(100000, 1024), 1024));
}

/*
 * If we accept a frame, libzstd accepts it, too, with the same result. libzstd
 * is laxer about the end of bit streams. It checks the size in the header; our
 * decoder gets the size from its caller.
 */
static void hostile_frames_stay_in_their_buffers(void)
{
	for (uint32_t i = 0; i < 6000; i++) {
		uint32_t size = 100 + i % 7 * 300;
		uint32_t header_size = i % 2 ? 7 : 0;
		size_t packed_size;
		uint8_t *dest;
		bool is_good;

		test_seed = i;
		make_plain(size);
		packed_size = compress(size, (int)(i % 20) + 1, false);
		for (uint32_t k = test_random_below(3) + 1; k > 0; k--)
			packed[header_size +
			       test_random_below((uint32_t)packed_size -
			                         header_size)] =
				(uint8_t)test_random_below(256);
		is_good = ZSTD_decompress(plain, size, packed, packed_size) ==
		          size;
		if (is_good) {
			decodes(packed_size, size);
			continue;
		}
		/* The size in the header may be all that was wrong. */
		EXPECT(!decode(&dest, packed_size, size) || header_size == 0);
		free(dest);
	}
}

int main(void)
{
	RUN(what_libzstd_packs_is_unpacked);
	RUN(many_blocks_are_unpacked);
	RUN(each_length_has_its_code);
	RUN(literals_have_headers_of_each_size);
	RUN(trees_of_each_size_are_read);
	RUN(the_count_of_sequences_has_each_size);
	RUN(runs_and_noise_are_unpacked);
	RUN(another_size_is_refused);
	RUN(every_truncation_is_refused);
	RUN(a_code_longer_than_its_symbols_need_is_refused);
	RUN(headers_of_each_size_are_passed_over);
	RUN(a_block_of_the_reserved_type_is_refused);
	RUN(blocks_of_few_bytes_stay_in_their_buffers);
	RUN(tables_that_are_cut_off_are_refused);
	RUN(tables_of_too_many_symbols_are_refused);
	RUN(streams_without_their_sizes_are_refused);
	RUN(the_number_of_blocks_is_limited);
	RUN(hostile_frames_stay_in_their_buffers);
	return test_status();
}
