/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/unit/test_fw_cfg.c - the directory, reads, writes, errors of fw_cfg */
#include <stdio.h>
#include <string.h>

#include "common/machine/fw_cfg.h"
#include "common/spec/fw_cfg.h"
#include "tests/unit/fake_fw_cfg.h"
#include "tests/unit/test.h"

static struct fw_cfg fw_cfg;
static uint8_t bytes[256];

static void start(void)
{
	memset(&fw_cfg, 0, sizeof(fw_cfg));
	fake_fw_cfg_clear();
	for (unsigned i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i * 7 + 3);
}

/* Adds files of different names that nobody asks for. */
static void add_files(unsigned count)
{
	char name[FW_CFG_FILE_WANTED_COUNT + 40];

	for (unsigned i = 0; i < count; i++) {
		snprintf(name, sizeof(name), "opt/other/%u", i);
		fake_fw_cfg_add_file(name, bytes, 1 + i, false);
	}
}

/* Opens fw_cfg with `count` files before the wanted ones. */
static void open_behind(unsigned count)
{
	start();
	add_files(count);
	fake_fw_cfg_add_file("etc/e820", bytes, 20, false);
	fake_fw_cfg_add_file("etc/smbios/smbios-tables", bytes, 200, false);
	fake_fw_cfg_add_file("etc/table-loader", bytes, 128, false);
	fake_fw_cfg_add_file("opt/directboot/bundle", bytes, 99, false);
	fw_cfg_open(&fw_cfg);
	EXPECT_EQ(fw_cfg.files[FW_CFG_FILE_E820].size, 20);
	EXPECT_EQ(fw_cfg.files[FW_CFG_FILE_E820].key, 0x20 + count);
	EXPECT_EQ(fw_cfg.files[FW_CFG_FILE_SMBIOS_TABLES].size, 200);
	EXPECT_EQ(fw_cfg.files[FW_CFG_FILE_LOADER].size, 128);
	EXPECT_EQ(fw_cfg.files[FW_CFG_FILE_LOADER].key, 0x22 + count);
	EXPECT_EQ(fw_cfg.files[FW_CFG_FILE_BUNDLE].size, 99);
}

static void wanted_files_are_found(void)
{
	static const unsigned counts[] = { 0, 1, 28, 29, 31, 32, 33, 64, 100 };

	for (unsigned i = 0; i < ARRAY_COUNT(counts); i++)
		open_behind(counts[i]);
}

/* The names that users and QEMU know. */
static void each_has_its_own_name(void)
{
	static const char *const names[FW_CFG_FILE_WANTED_COUNT] = {
		[FW_CFG_FILE_E820] = "etc/e820",
		[FW_CFG_FILE_LOADER] = "etc/table-loader",
		[FW_CFG_FILE_SMBIOS_TABLES] = "etc/smbios/smbios-tables",
		[FW_CFG_FILE_SMBIOS_ANCHOR] = "etc/smbios/smbios-anchor",
		[FW_CFG_FILE_BUNDLE] = "opt/directboot/bundle",
		[FW_CFG_FILE_APPEND] = "opt/directboot/append",
		[FW_CFG_FILE_ACPI] = "opt/directboot/acpi",
		[FW_CFG_FILE_DEVICE_TREE] = "opt/directboot/device-tree",
		[FW_CFG_FILE_ON_ERROR] = "opt/directboot/on-error",
		[FW_CFG_FILE_PROFILE] = "opt/directboot/profile",
		[FW_CFG_FILE_VERBOSE] = "opt/directboot/verbose",
	};

	for (unsigned i = 0; i < FW_CFG_FILE_WANTED_COUNT; i++) {
		EXPECT_STR(fw_cfg_name(i), names[i]);
		start();
		fake_fw_cfg_add_file(names[i], bytes, 1 + i, false);
		fw_cfg_open(&fw_cfg);
		EXPECT_EQ(fw_cfg.files[i].size, 1 + i);
	}
}

static void other_files_are_not_taken(void)
{
	start();
	fake_fw_cfg_add_file("etc/e8201", bytes, 20, false);
	fake_fw_cfg_add_file("etc/e82", bytes, 20, false);
	fake_fw_cfg_add_file("etc/table-loaders", bytes, 20, false);
	fake_fw_cfg_add_file("etc/smbios/smbios-anchors", bytes, 20, false);
	fake_fw_cfg_add_file("opt/directboot/bundle2", bytes, 20, false);
	fw_cfg_open(&fw_cfg);
	for (unsigned i = 0; i < FW_CFG_FILE_WANTED_COUNT; i++)
		EXPECT_EQ(fw_cfg.files[i].size, 0);
}

static void an_empty_directory_has_no_file(void)
{
	start();
	fw_cfg_open(&fw_cfg);
	for (unsigned i = 0; i < FW_CFG_FILE_WANTED_COUNT; i++)
		EXPECT_EQ(fw_cfg.files[i].size, 0);
	EXPECT_EQ(fake_fw_cfg_transfers(), 1);
	EXPECT_EQ(fw_cfg_find(&fw_cfg, "etc/e820").size, 0);
}

static void few_files_take_one_transfer(void)
{
	open_behind(28);
	EXPECT_EQ(fake_fw_cfg_transfers(), 1);
	open_behind(29);
	EXPECT_EQ(fake_fw_cfg_transfers(), 3);
}

static void any_file_is_found_by_its_name(void)
{
	struct fw_cfg_item item;

	start();
	add_files(100);
	item = fw_cfg_find(&fw_cfg, "opt/other/99");
	EXPECT_EQ(item.size, 100);
	EXPECT_EQ(item.key, 0x20 + 99);
	item = fw_cfg_find(&fw_cfg, "opt/other/0");
	EXPECT_EQ(item.size, 1);
	EXPECT_EQ(item.key, 0x20);
	EXPECT_EQ(fw_cfg_find(&fw_cfg, "opt/other/").size, 0);
	EXPECT_EQ(fw_cfg_find(&fw_cfg, "opt/other/100").size, 0);
	EXPECT_EQ(fw_cfg_find(&fw_cfg, "\0\0\0\0\0\0\0").size, 0);
}

/* A name that fills its field has an end all the same: the field's. */
static void a_name_without_end_is_cut(void)
{
	static struct {
		uint32_t count;
		struct fw_cfg_file files[2];
	} dir;
	char name[sizeof(dir.files[0].name)];

	start();
	dir.count = __builtin_bswap32(2);
	memset(dir.files[0].name, 'x', sizeof(dir.files[0].name));
	dir.files[0].select = __builtin_bswap16(0x33);
	dir.files[0].size = __builtin_bswap32(44);
	fake_fw_cfg_add(FW_CFG_FILE_DIR, &dir, sizeof(dir));
	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	EXPECT_EQ(fw_cfg_find(&fw_cfg, name).key, 0x33);
	EXPECT_EQ(fw_cfg_find(&fw_cfg, name).size, 44);
}

/* In the first piece as in the last, what lies behind the count is no file. */
static void files_behind_the_count_are_none(void)
{
	static struct {
		uint32_t count;
		struct fw_cfg_file files[96];
	} dir;

	for (uint32_t count = 1; count < 64; count++) {
		start();
		memset(&dir, 0, sizeof(dir));
		dir.count = __builtin_bswap32(count);
		strcpy(dir.files[count].name, "etc/behind");
		dir.files[count].size = __builtin_bswap32(1);
		strcpy(dir.files[count - 1].name, "etc/last");
		dir.files[count - 1].size = __builtin_bswap32(2);
		fake_fw_cfg_add(FW_CFG_FILE_DIR, &dir, sizeof(dir));
		EXPECT_EQ(fw_cfg_find(&fw_cfg, "etc/behind").size, 0);
		EXPECT_EQ(fw_cfg_find(&fw_cfg, "etc/last").size, 2);
	}
}

static void a_search_reads_the_directory_in_pieces(void)
{
	start();
	add_files(100);
	EXPECT_EQ(fw_cfg_find(&fw_cfg, "opt/other/99").size, 100);
	/* A piece, then three times a skip and a piece. */
	EXPECT_EQ(fake_fw_cfg_transfers(), 7);
}

static void the_number_of_files_is_limited(void)
{
	uint32_t count = __builtin_bswap32(1024);

	start();
	fake_fw_cfg_add(FW_CFG_FILE_DIR, &count, sizeof(count));
	fw_cfg_open(&fw_cfg);
	EXPECT_EQ(fake_fw_cfg_transfers(), 63);
	count = __builtin_bswap32(1025);
	EXPECT_PANIC("fw_cfg: 1025 files, at most 1024", fw_cfg_open(&fw_cfg));
	EXPECT_PANIC("fw_cfg: 1025 files, at most 1024",
	             fw_cfg_find(&fw_cfg, "etc/nothing"));
}

static void parts_are_read(void)
{
	uint8_t out[64];

	start();
	fake_fw_cfg_add(0x11, bytes, sizeof(bytes));
	memset(out, 0xee, sizeof(out));
	fw_cfg.paddr = 0x109020000;
	fw_cfg_read(&fw_cfg, 0x11, 100, paddr_of(out), 40);
	EXPECT_EQ(fake_fw_cfg_registers(), 0x109020000);
	EXPECT(!memcmp(out, bytes + 100, 40));
	EXPECT_EQ(out[40], 0xee);
	EXPECT_EQ(fake_fw_cfg_transfers(), 2);

	fw_cfg_read(&fw_cfg, 0x11, 0, paddr_of(out), 64);
	EXPECT(!memcmp(out, bytes, 64));
	EXPECT_EQ(fake_fw_cfg_transfers(), 3);

	fw_cfg_read(&fw_cfg, 0x11, 0, paddr_of(out), 0);
	EXPECT(!memcmp(out, bytes, 64));
	EXPECT_EQ(fake_fw_cfg_transfers(), 4);
}

/* A descriptor's size has 32 bits, but offsets and sizes may be larger. */
static void offsets_beyond_4_gib_are_skipped_in_pieces(void)
{
	uint8_t out[4] = { 1, 2, 3, 4 };

	start();
	fake_fw_cfg_add(0x12, bytes, sizeof(bytes));
	fw_cfg_read(&fw_cfg, 0x12, 0x140000000, paddr_of(out), 4);
	EXPECT_EQ(fake_fw_cfg_transfers(), 5 + 1);
	EXPECT_EQ(load_le32(out), 0);
	/* The item is selected once, or it would begin again. */
	memset(out, 0xee, sizeof(out));
	fw_cfg_read(&fw_cfg, 0x12, 0x40000004, paddr_of(out), 4);
	EXPECT_EQ(load_le32(out), 0);
}

static void behind_the_end_are_zeros(void)
{
	uint8_t out[8];

	start();
	fake_fw_cfg_add(0x11, bytes, 4);
	memset(out, 0xee, sizeof(out));
	fw_cfg_read(&fw_cfg, 0x11, 0, paddr_of(out), 8);
	EXPECT_EQ(load_le32(out + 4), 0);
	EXPECT_EQ(fw_cfg_read_u32(&fw_cfg, 0x77), 0);
	EXPECT_EQ(fw_cfg_read_u32(&fw_cfg, 0x11), load_le32(bytes));
}

static void files_are_written(void)
{
	static const uint64_t value = 0x1122334455667788;
	uint8_t target[16] = { 0 };
	uint16_t key;

	start();
	fake_fw_cfg_add_file("etc/closed", bytes, 16, false);
	fake_fw_cfg_add_file("etc/open", target, sizeof(target), true);
	key = fw_cfg_find(&fw_cfg, "etc/open").key;
	fw_cfg_write(&fw_cfg, key, 3, &value, sizeof(value));
	EXPECT_EQ(load_le64(target + 3), value);
	EXPECT_EQ(target[2], 0);
	EXPECT_EQ(target[11], 0);

	EXPECT_PANIC("fw_cfg: item 0x20: ",
	             fw_cfg_write(&fw_cfg, 0x20, 0, &value, 8));
	EXPECT_PANIC("fw_cfg: item ", fw_cfg_write(&fw_cfg, key, 9, &value, 8));
}

static void each_error_panics(void)
{
	uint8_t out[64];

	start();
	fake_fw_cfg_add(0x11, bytes, sizeof(bytes));
	fake_fw_cfg_fail_at(0);
	EXPECT_PANIC("fw_cfg: item 0x11: DMA of 0x40 bytes to 0x",
	             fw_cfg_read(&fw_cfg, 0x11, 0, paddr_of(out), 64));
	EXPECT_PANIC("fw_cfg: item 0x19: DMA of ", fw_cfg_open(&fw_cfg));
	fake_fw_cfg_fail_at(fake_fw_cfg_transfers());
	EXPECT_PANIC("fw_cfg: item 0x77: DMA of 0x4 bytes to 0x",
	             fw_cfg_read_u32(&fw_cfg, 0x77));
	fake_fw_cfg_fail_at(fake_fw_cfg_transfers() + 1);
	EXPECT_PANIC("fw_cfg: item 0x11: ",
	             fw_cfg_read(&fw_cfg, 0x11, 8, paddr_of(out), 56));
}

int main(void)
{
	RUN(wanted_files_are_found);
	RUN(each_has_its_own_name);
	RUN(other_files_are_not_taken);
	RUN(an_empty_directory_has_no_file);
	RUN(few_files_take_one_transfer);
	RUN(any_file_is_found_by_its_name);
	RUN(a_name_without_end_is_cut);
	RUN(files_behind_the_count_are_none);
	RUN(a_search_reads_the_directory_in_pieces);
	RUN(the_number_of_files_is_limited);
	RUN(parts_are_read);
	RUN(offsets_beyond_4_gib_are_skipped_in_pieces);
	RUN(behind_the_end_are_zeros);
	RUN(files_are_written);
	RUN(each_error_panics);
	return test_status();
}
