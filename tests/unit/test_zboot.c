/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/unit/test_zboot.c - arm64 kernels inside EFI zboot files */
#include <stdlib.h>
#include <string.h>

#include "common/arch.h"
#include "common/lib/sum64.h"
#include "common/payload/wrapped.h"
#include "common/spec/bundle.h"
#include "common/spec/linux_arm64.h"
#include "tests/unit/test.h"

#define FILE_SIZE 0x100
#define PE_OFFSET 0x80
#define UKI_SIZE  0x400 /* bytes that a UKI adds to the file inside */

static _Alignas(8) uint8_t bytes[UKI_SIZE + FILE_SIZE];
static uint8_t *const file = bytes + UKI_SIZE;
static struct payload payload;
static struct memory memory;

static struct zboot_header *zboot(void)
{
	return (void *)file;
}

static void put32(uint8_t *at, uint32_t value)
{
	memcpy(at, &value, sizeof(value));
}

static void give(const uint8_t *data, uint64_t size)
{
	payload.kernel = (struct source){
		.kind = SOURCE_MEMORY,
		.data = data,
		.stored_size = size,
		.size = size,
		.has_checksum = true,
		.sum64 = sum64(0, data, size),
	};
}

/* Nobody looks at the packed data. */
static void make(void)
{
	memset(&payload, 0, PAYLOAD_CLEAR_SIZE);
	memset(bytes, 0x77, sizeof(bytes));
	*zboot() = (struct zboot_header){
		.dos_magic = 0x5a4d,
		.magic = ZBOOT_MAGIC,
		.payload_offset = 0x80,
		.payload_size = 0x44,
		.compression = "zstd",
	};
	put32(file + 0xc0, 0x123456); /* the size of what is in there */
}

/* Wraps the zboot file into a UKI of one section. */
static void wrap_in_uki(void)
{
	uint8_t *section = bytes + PE_OFFSET + 24;

	memset(bytes, 0, UKI_SIZE);
	memcpy(bytes, "MZ", 2);
	put32(bytes + 0x3c, PE_OFFSET);
	memcpy(bytes + PE_OFFSET, "PE\0\0\x64\xaa\1", 7);
	memcpy(section, ".linux", 6);
	put32(section + 8, FILE_SIZE);
	put32(section + 16, FILE_SIZE);
	put32(section + 20, UKI_SIZE);
}

static void expect_opened(void)
{
	EXPECT(payload.kernel.data == file + 0x80);
	EXPECT_EQ(payload.kernel.stored_size, 0x40);
	EXPECT_EQ(payload.kernel.size, 0x123456);
	EXPECT_EQ(payload.kernel.compression, BUNDLE_COMPRESSION_ZSTD);
	EXPECT(!payload.kernel.has_checksum);
	EXPECT(payload.needs_zstd);
	EXPECT_EQ(payload.head_size, 0); /* nobody knows yet */
}

static void open_it(void)
{
	give(file, FILE_SIZE);
	wrapped_open(&payload, &memory);
}

static void a_zboot_file_is_opened(void)
{
	make();
	open_it();
	expect_opened();
	make();
	wrap_in_uki();
	give(bytes, sizeof(bytes));
	wrapped_open(&payload, &memory);
	expect_opened();
}

static void what_is_none_is_left(void)
{
	make();
	zboot()->magic = 0;
	give(file, FILE_SIZE);
	EXPECT(!arch_unwrap_kernel(&payload));
	EXPECT(payload.kernel.data == file);
	make();
	give(file, sizeof(struct zboot_header) - 1);
	EXPECT(!arch_unwrap_kernel(&payload));
}

/* An Image has 64 bytes before its code; ASan sees a byte too many. */
static void what_is_shorter_than_a_header_is_no_image(void)
{
	for (uint32_t size = 0; size <= 64; size++) {
		uint8_t *image = malloc(size ? size : 1);

		memset(image, 0, size);
		if (size >= 0x3c)
			memcpy(image + 0x38, "ARM\x64", 4);
		EXPECT_EQ(arch_is_kernel(image, size), size == 64);
		free(image);
	}
}

/* Linux's Makefile.zboot has had "zstd22" for a while. */
static void the_name_of_zstd_may_have_a_level(void)
{
	make();
	strcpy(zboot()->compression, "zstd22");
	open_it();
	expect_opened();
	make();
	strcpy(zboot()->compression, "zst");
	EXPECT_PANIC("kernel: zboot is not under zstd: repack it", open_it());
}

/* A header alone, in which even the size lies, and no packed byte */
static void the_smallest_zboot_file_is_its_header(void)
{
	make();
	zboot()->payload_offset = sizeof(struct zboot_header) - 4;
	zboot()->payload_size = 4;
	give(file, sizeof(struct zboot_header));
	EXPECT(arch_unwrap_kernel(&payload));
	EXPECT_EQ(payload.kernel.stored_size, 0);
}

/* ELF's e_machine, and the Machine field of a PE file */
static void files_of_this_architecture_have_numbers(void)
{
	EXPECT_EQ(arch_elf_machine, 183);
	EXPECT_EQ(arch_pe_machine, 0xaa64);
}

static void a_zboot_file_that_lies_panics(void)
{
	make();
	zboot()->payload_offset = 0xbd;
	EXPECT_PANIC("kernel: zboot of 0x44 bytes at 0xbd: there are 0x100",
	             open_it());
	make();
	zboot()->payload_size = UINT32_MAX;
	EXPECT_PANIC("kernel: zboot of 0xffffffff bytes", open_it());
	make();
	zboot()->payload_size = 3;
	EXPECT_PANIC("kernel: zboot of 0x3 bytes", open_it());
	make();
	strcpy(zboot()->compression, "gzip");
	EXPECT_PANIC("kernel: zboot is not under zstd: repack it", open_it());
	make();
	give(file, FILE_SIZE);
	file[0x90] ^= 1;
	EXPECT_PANIC("kernel: sum of 0x100 bytes",
	             wrapped_open(&payload, &memory));
}

int main(void)
{
	RUN(a_zboot_file_is_opened);
	RUN(what_is_none_is_left);
	RUN(what_is_shorter_than_a_header_is_no_image);
	RUN(the_name_of_zstd_may_have_a_level);
	RUN(the_smallest_zboot_file_is_its_header);
	RUN(files_of_this_architecture_have_numbers);
	RUN(a_zboot_file_that_lies_panics);
	return test_status();
}
