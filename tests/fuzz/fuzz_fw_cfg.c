/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/fuzz/fuzz_fw_cfg.c - a fw_cfg device whose directory may say anything
 *
 * A file whose entry the edits spare must be found, with its key and size, and
 * a read must give its bytes and then zeros.
 */
#include <string.h>

#include "common/machine/fw_cfg.h"
#include "common/spec/fw_cfg.h"
#include "tests/fuzz/fuzz.h"
#include "tests/unit/fake_fw_cfg.h"

#define FILE_MAX  96
#define FILE_SIZE 0x180

static uint8_t data[FILE_SIZE], dest[2 * FILE_SIZE];
static struct fw_cfg fw_cfg;
static struct {
	uint32_t count;
	struct fw_cfg_file files[FILE_MAX];
} directory;

bool fuzz_begin(const char *program)
{
	(void)program;
	for (uint32_t i = 0; i < FILE_SIZE; i++)
		data[i] = (uint8_t)(i * 7 + 1);
	return true;
}

static void make_directory(struct fuzz_input *input)
{
	static const char *const names[] = {
		"etc/e820",
		"etc/table-loader",
		"etc/acpi/rsdp",
		"etc/smbios/smbios-tables",
		"etc/smbios/smb",
		"opt/directboot/bundle",
		"",
		"etc/e820x",
	};
	uint32_t count = fuzz_below(input, FILE_MAX + 1);

	memset(&directory, 0, sizeof(directory));
	for (uint32_t i = 0; i < count; i++) {
		struct fw_cfg_file *file = &directory.files[i];

		file->size = __builtin_bswap32(FILE_SIZE - i);
		file->select = __builtin_bswap16((uint16_t)(0x20 + i));
		strcpy(file->name,
		       names[(i + count) % (sizeof(names) / sizeof(*names))]);
	}
	directory.count = __builtin_bswap32(
		fuzz_u8(input) % 16 == 15 ? fuzz_u32(input) % 0x18000 : count);
}

/* Reads some of an item, which the device has or not. */
static void read_item(struct fuzz_input *input)
{
	uint16_t key = (uint16_t)(0x20 + fuzz_below(input, 16));
	uint64_t offset = fuzz_u8(input) % 8 == 7 ? fuzz_odd(input) % (1 << 30)
	                                          : fuzz_u16(input) % 0x200;
	uint32_t size = fuzz_u16(input) % FILE_SIZE;

	memset(dest, 0x5a, sizeof(dest));
	fw_cfg_read(&fw_cfg, key, offset, (uintptr_t)dest, size);
	for (uint32_t i = 0; i < size; i++)
		FUZZ_EXPECT(dest[i] == (offset + i < FILE_SIZE && key < 0x28
		                                ? data[offset + i]
		                                : 0));
	FUZZ_EXPECT(dest[size] == 0x5a);
}

bool fuzz_run(struct fuzz_input *input)
{
	uint32_t found = 0;

	memset(&fw_cfg, 0, sizeof(fw_cfg));
	fake_fw_cfg_clear();
	make_directory(input);
	fake_fw_cfg_add(FW_CFG_FILE_DIR, &directory, sizeof(directory));
	for (uint16_t key = 0x20; key < 0x28; key++)
		fake_fw_cfg_add(key, data, FILE_SIZE);
	if (fuzz_u8(input) % 16 == 15)
		fake_fw_cfg_fail_at(fuzz_u8(input) % 8);
	read_item(input);
	fuzz_edit(input, &directory, sizeof(directory));
	fw_cfg_open(&fw_cfg);
	for (uint32_t i = 0; i < FW_CFG_FILE_WANTED_COUNT; i++)
		found += fw_cfg.files[i].size != 0;
	/* A name of 56 bytes without a NUL is nobody's. */
	FUZZ_EXPECT(fw_cfg_find(&fw_cfg, "etc/none").size == 0);
	return found || !directory.count;
}

void fuzz_check(void)
{
}
