/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/fuzz/fuzz_uki.c - unified kernel images
 *
 * The file is in a block of exactly its size, so that the address sanitizer
 * sees each byte too many. What is found must lie inside the file.
 */
#include <stdlib.h>
#include <string.h>

#include "common/arch.h"
#include "common/payload/uki.h"
#include "common/payload/uki_file.h"
#include "tests/fuzz/fuzz.h"
#include "tests/unit/test.h"

#define FILE_MAX    0x1000
#define PE_OFFSET   0x80
#define OPTIONAL    0xf0
#define SECTION_MAX 12

static const uint64_t bounds[] = { PE_OFFSET, PE_OFFSET + 24,
	                           PE_OFFSET + 24 + OPTIONAL, FILE_MAX };

static uint8_t bytes[FILE_MAX];
static uint8_t *file;
static struct payload payload;

bool fuzz_begin(const char *program)
{
	(void)program;
	fuzz_bounds = bounds;
	fuzz_bound_count = ARRAY_COUNT(bounds);
	return true;
}

static void put16(uint32_t at, uint32_t value)
{
	memcpy(bytes + at, &value, 2);
}

static void put32(uint32_t at, uint64_t value)
{
	memcpy(bytes + at, &value, 4);
}

static void put_section(struct fuzz_input *input, uint32_t index)
{
	static const char names[][8] = { ".linux",   ".initrd", ".cmdline",
		                         ".dtb",     ".osrel",  ".profile",
		                         ".cmdline", ".text" };
	uint32_t at = PE_OFFSET + 24 + OPTIONAL + 40 * index;

	/* The kernel comes first, unless the input says otherwise. */
	memcpy(bytes + at, names[(fuzz_u8(input) + index) % 8], 8);
	put32(at + 8, fuzz_perhaps(input, 0x100 - 8 * index));
	put32(at + 16, fuzz_perhaps(input, 0x100));
	put32(at + 20, fuzz_perhaps(input, 0x400 + 0x100 * index));
}

static void make(struct fuzz_input *input)
{
	uint32_t count = 1 + fuzz_below(input, SECTION_MAX);

	memset(bytes, 0x33, sizeof(bytes));
	memcpy(bytes, "MZ", 2);
	put32(0x3c, PE_OFFSET);
	memcpy(bytes + PE_OFFSET, "PE\0\0", 4);
	put16(PE_OFFSET + 4, arch_pe_machine);
	put16(PE_OFFSET + 6, count);
	put16(PE_OFFSET + 20, OPTIONAL);
	for (uint32_t i = 0; i < count; i++)
		put_section(input, i);
}

static void expect_inside(const struct source *source, uint64_t size)
{
	const uint8_t *data = source->data;

	if (source->kind == SOURCE_NONE)
		return;
	FUZZ_EXPECT(source->kind == SOURCE_MEMORY && data >= file &&
	            is_within((uint64_t)(data - file), source->size, size));
}

bool fuzz_run(struct fuzz_input *input)
{
	uint64_t size = fuzz_cut(input, FILE_MAX);

	make(input);
	fuzz_edit(input, bytes, sizeof(bytes));
	file = malloc(size + 1);
	memcpy(file, bytes, size);
	file = realloc(file, size ? size : 1);
	memset(&payload, 0, PAYLOAD_CLEAR_SIZE);
	if (!uki_file_is_at(file, size))
		return false;
	uki_open(&payload, file, size);
	FUZZ_EXPECT(payload.kernel.kind != SOURCE_NONE);
	expect_inside(&payload.kernel, size);
	expect_inside(&payload.initrd, size);
	expect_inside(&payload.cmdline, size);
	expect_inside(&payload.dtb, size);
	return true;
}

void fuzz_check(void)
{
	free(file);
	file = NULL;
}
