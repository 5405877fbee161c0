/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/bench/native/native.c - how fast this machine's processor unpacks a
 * section by our decoder, and by the library
 *
 *   native lz4|zstd FILE OFFSET STORED_SIZE SIZE ROUNDS
 *
 * FILE has a bundle's section at OFFSET; see ../native.py. Prints three times
 * in seconds, each the least of all rounds: by us with the section's sum, by
 * liblz4 or libzstd without one, and of a memcpy() of what is unpacked.
 */
#include <err.h>
#include <lz4.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zstd.h>

#include "common/lib/sum64.h"
#include "common/payload/unpack/lz4.h"
#include "common/payload/unpack/zstd.h"
#include "common/spec/bundle.h"

#define ALIGNMENT (2UL << 20)

struct section {
	const uint8_t *stored;
	uint64_t stored_size;
	uint64_t size;
};

typedef bool unpack_fn(const struct section *section, uint8_t *out);

static bool by_us_lz4(const struct section *section, uint8_t *out)
{
	uint64_t sum = 0;

	return lz4_decode_section(out, section->size, section->stored,
	                          section->stored_size, &sum);
}

static bool by_us_zstd(const struct section *section, uint8_t *out)
{
	static uint64_t workspace[ZSTD_WORKSPACE_SIZE / sizeof(uint64_t)];
	volatile uint64_t sum = sum64(0, section->stored, section->stored_size);

	(void)sum;
	return zstd_decode_frame((struct zstd *)workspace, out, section->size,
	                         section->stored, section->stored_size);
}

static bool by_liblz4(const struct section *section, uint8_t *out)
{
	const uint8_t *in = section->stored, *end = in + section->stored_size;

	while (in < end) {
		uint32_t stored = load_le32(in), size = load_le32(in + 4);

		in += sizeof(struct bundle_block);
		if (stored == 0)
			memset(out, 0, size);
		else if (stored == size)
			memcpy(out, in, size);
		else if (LZ4_decompress_safe((const char *)in, (char *)out,
		                             (int)stored,
		                             (int)size) != (int)size)
			return false;
		in += align_up(stored, 8);
		out += size;
	}
	return true;
}

static bool by_libzstd(const struct section *section, uint8_t *out)
{
	return ZSTD_decompress(out, section->size, section->stored,
	                       section->stored_size) == section->size;
}

static bool by_memcpy(const struct section *section, uint8_t *out)
{
	static uint8_t *copy;

	if (!copy) {
		copy = aligned_alloc(ALIGNMENT,
		                     align_up(section->size, ALIGNMENT));
		if (!copy)
			err(2, "memory");
		memcpy(copy, out, section->size);
	}
	memcpy(copy, out, section->size);
	return true;
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
	return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static uint8_t *read_section(const char *name, long offset, uint64_t size)
{
	uint8_t *data = malloc(size);
	FILE *file = fopen(name, "rb");

	if (!data || !file || fseek(file, offset, SEEK_SET) ||
	    fread(data, 1, size, file) != size)
		err(2, "%s", name);
	fclose(file);
	return data;
}

int main(int argc, char **argv)
{
	unpack_fn *unpack[] = { by_us_lz4, by_liblz4, by_memcpy };
	double least[3] = { 1e9, 1e9, 1e9 };
	struct section section;
	uint8_t *out;

	if (argc != 7)
		errx(2, "lz4|zstd FILE OFFSET STORED_SIZE SIZE ROUNDS");
	if (!strcmp(argv[1], "zstd")) {
		unpack[0] = by_us_zstd;
		unpack[1] = by_libzstd;
	}
	section.stored_size = strtoull(argv[4], NULL, 0);
	section.size = strtoull(argv[5], NULL, 0);
	section.stored = read_section(argv[2], strtol(argv[3], NULL, 0),
	                              section.stored_size);
	out = aligned_alloc(ALIGNMENT, align_up(section.size, ALIGNMENT));
	if (!out)
		err(2, "memory");
	memset(out, 0, section.size);
	for (int round = atoi(argv[6]); round > 0; round--) {
		for (int i = 0; i < 3; i++) {
			double start = now(), time;

			if (!unpack[i](&section, out))
				errx(1, "%s: it does not unpack", argv[2]);
			time = now() - start;
			if (time < least[i])
				least[i] = time;
		}
	}
	printf("%.6f %.6f %.6f\n", least[0], least[1], least[2]);
	return 0;
}
