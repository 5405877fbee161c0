/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/fuzz/fuzz_lz4.c - the blob's LZ4 decoder beside liblz4's
 *
 * liblz4 or pack's own encoder packs a block, and edits damage it, or the input
 * itself is the block. Whatever the blob unpacks must be what liblz4 unpacks of
 * it. A bundle's section of such blocks is unpacked, too.
 */
#include <lz4.h>
#include <lz4hc.h>
#include <stdlib.h>
#include <string.h>

#include "common/payload/unpack/lz4.h"
#include "common/spec/bundle.h"
#include "payload/lib/tool.h"
#include "payload/write/lz4_pack.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/plain.h"

#define BLOCK_MAX   LZ4_COMPRESSBOUND(PLAIN_MAX)
#define SECTION_MAX (2 * (BLOCK_MAX + sizeof(struct bundle_block) + 8))

static uint8_t packed[BLOCK_MAX], section[SECTION_MAX];

/* payload/write/lz4_pack.c takes its memory by this. */
void *allocate(uint64_t size)
{
	return calloc(1, size);
}

bool fuzz_begin(const char *program)
{
	(void)program;
	return true;
}

static uint32_t pack(struct fuzz_input *input, uint32_t size)
{
	const char *from = (const char *)plain;
	char *to = (char *)packed;

	switch (fuzz_u8(input) % 16) {
	case 15: /* the slowest by far */
		return lz4_pack_block(packed, plain, size);
	case 0:
		return (uint32_t)LZ4_compress_default(from, to, (int)size,
		                                      BLOCK_MAX);
	case 2:
		return (uint32_t)LZ4_compress_fast(from, to, (int)size,
		                                   BLOCK_MAX, 50);
	default:
		return (uint32_t)LZ4_compress_HC(from, to, (int)size, BLOCK_MAX,
		                                 9);
	}
}

/* Returns whether the blob unpacks `size` bytes of the block. */
static bool unpack_block(uint32_t packed_size, uint32_t size)
{
	uint8_t *src = plain_exact(packed, packed_size);
	uint8_t *dest = malloc(size + 1), *theirs = malloc(size + 1);
	bool is_good = lz4_decode_block(dest, size, src, packed_size);

	/* liblz4 does not unpack nothing from nothing. */
	if (is_good && size) {
		FUZZ_EXPECT(LZ4_decompress_safe(
				    (const char *)src, (char *)theirs,
				    (int)packed_size, (int)size) == (int)size);
		FUZZ_EXPECT(!memcmp(dest, theirs, size));
	}
	free(src);
	free(dest);
	free(theirs);
	return is_good;
}

static uint64_t add_block(uint64_t at, const void *stored, uint32_t stored_size,
                          uint32_t size)
{
	const struct bundle_block head = { stored_size, size };
	uint64_t padded = (stored_size + 7) / 8 * 8;

	memcpy(section + at, &head, sizeof(head));
	memset(section + at + sizeof(head), 0, padded);
	memcpy(section + at + sizeof(head), stored, stored_size);
	return at + sizeof(head) + padded;
}

/* The section has the packed block, and the same bytes once more as they are.
 */
static bool unpack_section(struct fuzz_input *input, uint32_t packed_size,
                           uint32_t size)
{
	uint64_t end = add_block(0, packed, packed_size, size);
	uint64_t sum = 0;
	uint8_t *src, *dest;
	bool is_whole, is_good;

	end = add_block(end, plain, size, size);
	is_whole = input->size == 0;
	fuzz_edit(input, section, end);
	src = plain_exact(section, end);
	dest = malloc(2 * size + 1);
	is_good = lz4_decode_section(dest, 2 * size, src, end, &sum);
	FUZZ_EXPECT(is_good || !is_whole);
	if (is_whole)
		FUZZ_EXPECT(!memcmp(dest, plain, size) &&
		            !memcmp(dest + size, plain, size));
	free(src);
	free(dest);
	return is_good;
}

bool fuzz_run(struct fuzz_input *input)
{
	uint8_t kind = fuzz_u8(input);
	uint32_t size = plain_make(input), packed_size;
	bool is_whole, is_good;

	if (kind % 4 == 3) {
		packed_size = (uint32_t)input->size;
		memcpy(packed, input->data, packed_size);
		return unpack_block(packed_size, size);
	}
	packed_size = pack(input, size);
	/* pack stores what LZ4 cannot make smaller. */
	if (kind % 4 == 2 && size && packed_size < size)
		return unpack_section(input, packed_size, size);
	is_whole = input->size == 0;
	fuzz_edit(input, packed, packed_size);
	is_good = unpack_block(packed_size, size);
	FUZZ_EXPECT(is_good || !is_whole);
	return is_good;
}

void fuzz_check(void)
{
}
