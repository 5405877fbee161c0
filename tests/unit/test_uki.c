/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/unit/test_uki.c - unified kernel images, right and hostile */
#include <stdlib.h>
#include <string.h>

#include "common/payload/uki.h"
#include "common/payload/uki_file.h"
#include "tests/unit/test.h"

#define PE_OFFSET     0x80
#define SECTIONS      (PE_OFFSET + 24 + 0xf0)
#define SECTION_COUNT 5
#define FILE_SIZE     0x1000

static uint8_t *file; /* malloc()ed, so that ASan knows where it ends */
static struct payload payload;

static void put32(uint64_t offset, uint32_t value)
{
	memcpy(file + offset, &value, sizeof(value));
}

static void put_section(uint32_t index, const char *name, uint32_t size,
                        uint32_t raw_size, uint32_t offset)
{
	uint64_t header = SECTIONS + index * 40;

	memcpy(file + header, name, strlen(name));
	put32(header + 8, size);
	put32(header + 16, raw_size);
	put32(header + 20, offset);
}

/* Makes a good UKI. Each test then makes one thing wrong. */
static void make(void)
{
	free(file);
	file = calloc(1, FILE_SIZE);
	memset(&payload, 0, sizeof(payload));
	memcpy(file, "MZ", 2);
	put32(0x3c, PE_OFFSET);
	memcpy(file + PE_OFFSET, "PE\0\0\x64\x86", 6);
	file[PE_OFFSET + 6] = SECTION_COUNT;
	file[PE_OFFSET + 20] = 0xf0;
	put_section(0, ".text", 0x10, 0x200, 0x400);
	put_section(1, ".linux", 0x300, 0x400, 0x600);
	put_section(2, ".cmdline", 5, 0x200, 0xa00);
	put_section(3, ".initrd", 0x200, 0x200, 0xc00);
	put_section(4, ".linux", 0x100, 0x200, 0xe00);
}

static void open_it(void)
{
	uki_open(&payload, file, FILE_SIZE);
}

/* The file may end anywhere; ASan sees a byte too many. */
static void what_is_too_short_is_none(void)
{
	make();
	for (uint32_t size = 0; size <= 0x100; size++) {
		uint8_t *start = malloc(size ? size : 1);

		memcpy(start, file, size);
		EXPECT_EQ(uki_file_is_at(start, size), size >= 0x40);
		free(start);
	}
	EXPECT(uki_file_is_at(file, FILE_SIZE));
}

static void its_parts_are_found(void)
{
	make();
	EXPECT(uki_file_is_at(file, FILE_SIZE));
	open_it();
	EXPECT(payload.kernel.kind == SOURCE_MEMORY);
	EXPECT(payload.kernel.data == file + 0x600);
	EXPECT_EQ(payload.kernel.size, 0x300);
	EXPECT(!payload.kernel.has_checksum);
	EXPECT(payload.initrd.data == file + 0xc00);
	EXPECT_EQ(payload.initrd.stored_size, 0x200);
	EXPECT_EQ(payload.cmdline.size, 5);
	EXPECT(payload.dtb.kind == SOURCE_NONE);
	EXPECT_STR(payload.origin, "uki");
}

/* A section may end with zeros that are not in the file. */
static void a_section_is_no_larger_than_in_the_file(void)
{
	make();
	put_section(2, ".cmdline", 0x400, 0x200, 0xa00);
	open_it();
	EXPECT_EQ(payload.cmdline.size, 0x200);
}

static void what_the_vmm_gave_stays(void)
{
	make();
	payload.cmdline = (struct source){ .kind = SOURCE_FW_CFG, .size = 3 };
	open_it();
	EXPECT(payload.cmdline.kind == SOURCE_FW_CFG);
}

static void one_for_another_machine_panics(void)
{
	make();
	memcpy(file + PE_OFFSET + 4, "\x64\xaa", 2);
	EXPECT_PANIC("uki: for machine 0xaa64: this is 0x8664", open_it());
}

static void a_header_that_lies_panics(void)
{
	make();
	put32(0x3c, FILE_SIZE - 23);
	EXPECT_PANIC("uki: no PE header in 0x1000 bytes", open_it());
	make();
	put32(0x3c, UINT32_MAX);
	EXPECT_PANIC("uki: no PE header in", open_it());
	make();
	put32(PE_OFFSET, 0x454e);
	EXPECT_PANIC("uki: no PE header in", open_it());
	make();
	file[PE_OFFSET + 7] = 0xff;
	EXPECT_PANIC("uki: no PE header in", open_it());
	make();
	file[PE_OFFSET + 21] = 0xff;
	EXPECT_PANIC("uki: no PE header in", open_it());
}

static void a_section_outside_panics(void)
{
	make();
	put_section(1, ".linux", 0x300, 0x300, 0xd01);
	EXPECT_PANIC("uki: .linux: 0x300 bytes at 0xd01: there are 0x1000",
	             open_it());
	make();
	put_section(3, ".initrd", UINT32_MAX, UINT32_MAX, 0xc00);
	EXPECT_PANIC("uki: .initrd: 0xffffffff bytes at 0xc00", open_it());
	make();
	put_section(3, ".initrd", 1, 1, UINT32_MAX);
	EXPECT_PANIC("0x1 bytes at 0xffffffff", open_it());
	make();
	put_section(0, ".text", UINT32_MAX, UINT32_MAX, UINT32_MAX);
	open_it(); /* none of ours */
}

static void one_without_a_kernel_panics(void)
{
	make();
	put_section(1, ".linuX", 0x300, 0x400, 0x600);
	put_section(4, ".linuX", 0x300, 0x400, 0x600);
	EXPECT_PANIC("uki: no .linux", open_it());
}

/* Makes a UKI with these sections; a blank parts their names. */
static void make_sections(const char *names)
{
	make();
	memset(file + SECTIONS, 0, SECTION_COUNT * 40);
	for (uint32_t i = 0; *names != '\0'; i++) {
		size_t size = strcspn(names, " ");

		put_section(i, "", 0x10 + i, 0x100, 0x400 + 0x100 * i);
		memcpy(file + SECTIONS + i * 40, names, size);
		names += size + (names[size] == ' ');
	}
}

/* The blob takes profile 0, and what the base has beside it. */
static void a_profile_ends_where_the_next_begins(void)
{
	make_sections(".linux .profile .profile .cmdline");
	open_it();
	EXPECT_EQ(payload.kernel.size, 0x10);
	EXPECT(payload.cmdline.kind == SOURCE_NONE);
	make_sections(".linux .cmdline .profile .cmdline .profile");
	open_it();
	EXPECT_EQ(payload.cmdline.size, 0x13);
	make_sections(".cmdline .linux .profile .profile .cmdline");
	open_it();
	EXPECT_EQ(payload.cmdline.size, 0x10);
	make_sections(".profile .linux .profile .initrd .linux");
	open_it();
	EXPECT_EQ(payload.kernel.size, 0x11);
	EXPECT(payload.initrd.kind == SOURCE_NONE);
	make_sections(".profile .profile .linux");
	EXPECT_PANIC("uki: no .linux", open_it());
}

static void a_profile_is_taken_if_there_is_one(void)
{
	make_sections(".linux .profile .cmdline .profile .cmdline");
	payload.profile = 1;
	open_it();
	EXPECT_EQ(payload.cmdline.size, 0x14);

	make_sections(".linux .profile .cmdline .profile .cmdline");
	payload.profile = 2;
	EXPECT_PANIC("uki: no profile 2", open_it());

	make_sections(".linux");
	payload.profile = 1;
	EXPECT_PANIC("uki: no profile 1", open_it());
}

/* The kernel gets it before the initrd. Other sections are nothing to us. */
static void microcode_is_taken_and_others_are_left(void)
{
	make_sections(".linux .dtbauto .ucode .hwids .efifw");
	open_it();
	EXPECT_EQ(payload.microcode.size, 0x12);
	EXPECT(payload.dtb.kind == SOURCE_NONE);
	EXPECT(payload.initrd.kind == SOURCE_NONE);
	make_sections(".linux .ucode .profile .profile .ucode");
	open_it();
	EXPECT_EQ(payload.microcode.size, 0x11);
	make_sections(".linux .ucode .profile .profile .ucode");
	payload.profile = 1;
	open_it();
	EXPECT_EQ(payload.microcode.size, 0x14);
}

static uint64_t size_in_profile(uint32_t profile, const char *name)
{
	struct uki_section found = { 0 };
	struct uki_file uki;

	EXPECT(uki_file_open(&uki, file, FILE_SIZE));
	uki.profile = profile;
	uki_file_find(&found, &uki, name);
	return found.size;
}

static void each_profile_has_its_own_sections(void)
{
	make_sections(".cmdline .profile .initrd .profile .cmdline");
	EXPECT_EQ(size_in_profile(0, ".initrd\0"), 0x12);
	EXPECT_EQ(size_in_profile(1, ".initrd\0"), 0);
	EXPECT_EQ(size_in_profile(0, ".cmdline"), 0x10);
	EXPECT_EQ(size_in_profile(1, ".cmdline"), 0x14);
	EXPECT_EQ(size_in_profile(2, ".cmdline"), 0x10);
	EXPECT_EQ(size_in_profile(0, ".profile"), 0x11);
	EXPECT_EQ(size_in_profile(1, ".profile"), 0x13);
	EXPECT_EQ(size_in_profile(UINT32_MAX, ".profile"), 0);
}

static void sections_have_names_of_eight_bytes(void)
{
	struct uki_file uki;

	make_sections(".linux .cmdline .initrd");
	EXPECT(uki_file_open(&uki, file, FILE_SIZE));
	EXPECT(!memcmp(uki_file_name(&uki, 0), ".linux\0\0", 8));
	EXPECT(!memcmp(uki_file_name(&uki, 1), ".cmdline", 8));
	EXPECT(!memcmp(uki_file_name(&uki, 2), ".initrd\0", 8));
}

/* The UKI may be cut anywhere. */
static void each_truncation_is_survived(void)
{
	make();
	for (uint64_t size = 0; size < FILE_SIZE; size += 3) {
		uint8_t *copy = malloc(size + 1);

		memcpy(copy, file, size);
		memset(&payload, 0, sizeof(payload));
		if (uki_file_is_at(copy, size) && size < 0xe00)
			EXPECT_PANIC("uki: ", uki_open(&payload, copy, size));
		free(copy);
	}
}

static void each_flipped_byte_is_survived(void)
{
	for (uint32_t i = 0; i < SECTIONS + SECTION_COUNT * 40; i++) {
		make();
		file[i] ^= 0xff;
		if (!uki_file_is_at(file, FILE_SIZE))
			continue;
		if (setjmp(*test_catch_panic()) == 0) {
			open_it();
			test_release_panic();
			EXPECT(is_within((const uint8_t *)payload.kernel.data -
			                         file,
			                 payload.kernel.size, FILE_SIZE));
		}
	}
}

int main(void)
{
	RUN(what_is_too_short_is_none);
	RUN(its_parts_are_found);
	RUN(a_section_is_no_larger_than_in_the_file);
	RUN(what_the_vmm_gave_stays);
	RUN(one_for_another_machine_panics);
	RUN(a_header_that_lies_panics);
	RUN(a_section_outside_panics);
	RUN(one_without_a_kernel_panics);
	RUN(a_profile_ends_where_the_next_begins);
	RUN(a_profile_is_taken_if_there_is_one);
	RUN(microcode_is_taken_and_others_are_left);
	RUN(each_profile_has_its_own_sections);
	RUN(sections_have_names_of_eight_bytes);
	RUN(each_truncation_is_survived);
	RUN(each_flipped_byte_is_survived);
	free(file);
	return test_status();
}
