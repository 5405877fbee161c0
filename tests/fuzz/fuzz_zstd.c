/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/fuzz/fuzz_zstd.c - the blob's zstd decoder beside libzstd's
 *
 * libzstd packs something, and edits damage the frame, or the input itself is
 * the frame. What both unpack must be the same bytes. On a damaged frame each
 * accepts some that the other refuses: the blob ignores the sizes that a
 * frame's header declares, and libzstd bits that nobody has read.
 */
#define ZSTD_STATIC_LINKING_ONLY /* for the parameter to ignore checksums */
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "common/payload/unpack/zstd.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/plain.h"

#define PACKED_MAX (2 * PLAIN_MAX)

static uint8_t packed[PACKED_MAX];
static ZSTD_CCtx *packer;
static ZSTD_DCtx *unpacker;

bool fuzz_begin(const char *program)
{
	(void)program;
	packer = ZSTD_createCCtx();
	unpacker = ZSTD_createDCtx();
	/* The blob ignores them, since the bundle has its own. */
	ZSTD_DCtx_setParameter(unpacker, ZSTD_d_forceIgnoreChecksum,
	                       ZSTD_d_ignoreChecksum);
	return true;
}

static size_t pack(struct fuzz_input *input, uint32_t size)
{
	int level = (int)fuzz_u8(input) % 20 - 3;
	uint8_t flags = fuzz_u8(input);

	ZSTD_CCtx_reset(packer, ZSTD_reset_session_and_parameters);
	ZSTD_CCtx_setParameter(packer, ZSTD_c_compressionLevel, level);
	ZSTD_CCtx_setParameter(packer, ZSTD_c_checksumFlag, flags & 1);
	ZSTD_CCtx_setParameter(packer, ZSTD_c_contentSizeFlag, !(flags & 2));
	if (flags & 4)
		ZSTD_CCtx_setParameter(packer, ZSTD_c_targetCBlockSize, 1340);
	if (flags & 8)
		ZSTD_CCtx_setParameter(packer, ZSTD_c_literalCompressionMode,
		                       ZSTD_ps_disable);
	return ZSTD_compress2(packer, packed, sizeof(packed), plain, size);
}

/*
 * Returns whether libzstd unpacks `size` bytes of a frame that fills `src`. The
 * blob knows no dictionaries, and no frames to be skipped.
 */
static bool unpack_theirs(uint8_t *dest, size_t size, const uint8_t *src,
                          size_t src_size)
{
	return src_size > 4 && src[0] == 0x28 && !(src[4] & 3) &&
	       ZSTD_findFrameCompressedSize(src, src_size) == src_size &&
	       ZSTD_decompressDCtx(unpacker, dest, size, src, src_size) == size;
}

/* Returns whether the blob unpacks `size` bytes of the frame. */
static bool unpack(size_t packed_size, size_t size)
{
	uint8_t *src = plain_exact(packed, packed_size);
	struct zstd *workspace = malloc(ZSTD_WORKSPACE_SIZE);
	uint8_t *dest = malloc(size + 1), *theirs = malloc(size + 1);
	bool is_good =
		zstd_decode_frame(workspace, dest, size, src, packed_size);

	if (is_good && unpack_theirs(theirs, size, src, packed_size))
		FUZZ_EXPECT(!memcmp(dest, theirs, size));
	free(src);
	free(workspace);
	free(dest);
	free(theirs);
	return is_good;
}

bool fuzz_run(struct fuzz_input *input)
{
	uint8_t kind = fuzz_u8(input);
	uint32_t size = plain_make(input);
	size_t packed_size;
	bool is_whole, is_good;

	if (kind % 4 == 3) {
		packed_size = input->size;
		memcpy(packed, input->data, packed_size);
		return unpack(packed_size, size);
	}
	packed_size = pack(input, size);
	is_whole = input->size == 0;
	fuzz_edit(input, packed, packed_size);
	is_good = unpack(packed_size, size);
	FUZZ_EXPECT(is_good || !is_whole);
	return is_good;
}

void fuzz_check(void)
{
}
