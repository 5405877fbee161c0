/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/unit/test_source.c - loads bytes from memory, fw_cfg and disks */
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "common/lib/sum64.h"
#include "common/payload/disk/disk.h"
#include "common/payload/source.h"
#include "common/payload/unpack/zstd.h"
#include "common/spec/bundle.h"
#include "tests/unit/fake_fw_cfg.h"
#include "tests/unit/fake_map.h"
#include "tests/unit/test.h"

#define SIZE     1000
#define RAM_SIZE 0x4000
#define KEY      0x11

static uint8_t plain[SIZE], stored[2 * SIZE];
static uint8_t *dest; /* malloc()ed, so that ASan knows where it ends */
static _Alignas(0x1000) uint8_t ram[RAM_SIZE];
static struct fw_cfg fw_cfg;
static struct disk disk;
static struct machine machine;
static struct memory memory;
static struct source source;
static struct source_reader reader;

/* The disk has the stored bytes at each offset. */
void disk_read(const struct disk *of, uint64_t offset, paddr_t to,
               uint64_t size)
{
	EXPECT(of == &disk);
	EXPECT(is_within(offset, size, sizeof(stored)));
	memcpy(paddr_ptr(to), stored + offset, size);
}

static void start(enum source_kind kind)
{
	for (uint32_t i = 0; i < SIZE; i++)
		plain[i] = (uint8_t)(i * 13 + (i >> 7));
	memcpy(stored, plain, SIZE);
	free(dest);
	dest = malloc(SIZE);
	fake_map_clear();
	fake_fw_cfg_clear();
	fake_fw_cfg_add(KEY, stored, SIZE);
	reader = (struct source_reader){ .fw_cfg = &fw_cfg, .disk = &disk };
	source = (struct source){
		.kind = kind,
		.stored_size = SIZE,
		.size = SIZE,
		.fw_cfg_key = KEY,
		.has_checksum = kind != SOURCE_FW_CFG,
		.sum64 = sum64(0, stored, SIZE),
	};
	if (kind == SOURCE_MEMORY)
		source.data = stored;
}

static void load(uint64_t offset, uint64_t size)
{
	source_load(&reader, "test", &source, offset, paddr_of(dest), size);
}

static void each_kind_is_loaded(void)
{
	for (enum source_kind kind = SOURCE_MEMORY; kind <= SOURCE_DISK;
	     kind++) {
		start(kind);
		load(0, SIZE);
		EXPECT(!memcmp(dest, plain, SIZE));
		EXPECT_EQ(fake_map_has(paddr_of(dest), SIZE),
		          kind != SOURCE_FW_CFG);
		start(kind);
		load(7, 100);
		EXPECT(!memcmp(dest, plain + 7, 100));
		load(SIZE, 0);
	}
}

static void more_than_there_is_panics(void)
{
	for (volatile enum source_kind kind = SOURCE_MEMORY;
	     kind <= SOURCE_DISK; kind++) {
		start(kind);
		EXPECT_PANIC("test: 0x3e9 bytes at 0: there are only 0x3e8",
		             load(0, SIZE + 1));
		EXPECT_PANIC("test: 0x2 bytes at 0x3e7", load(SIZE - 1, 2));
		EXPECT_PANIC("there are only 0x3e8", load(8, UINT64_MAX));
		EXPECT_PANIC("there are only 0x3e8", load(UINT64_MAX, 8));
	}
}

static void each_flipped_bit_panics(void)
{
	static const enum source_kind kinds[] = { SOURCE_MEMORY, SOURCE_DISK };

	for (volatile uint32_t i = 0; i < 2 * SIZE; i++) {
		start(kinds[i % 2]);
		stored[i / 2] ^= (uint8_t)(1 << i % 8);
		EXPECT_PANIC("test: sum of 0x3e8 bytes is 0x", load(0, SIZE));
	}
}

static void without_a_sum_any_bytes_are_right(void)
{
	start(SOURCE_MEMORY);
	source.has_checksum = false;
	source.sum64 = 0;
	load(0, SIZE);
	EXPECT(!memcmp(dest, plain, SIZE));
	source_check("test", &source);
}

/* Code that loads pieces checks the sum before. */
static void a_source_is_checked_where_it_lies(void)
{
	start(SOURCE_MEMORY);
	source_check("test", &source);
	stored[5] ^= 1;
	EXPECT_PANIC("test: sum of 0x3e8 bytes", source_check("test", &source));
}

/* ---- compressed ones; tests/unit/test_lz4.c and test_zstd.c have the rest */

static void store(uint32_t compression, uint64_t size)
{
	source.compression = compression;
	source.stored_size = size;
	source.sum64 = sum64(0, stored, size);
}

/* There are a stored block and a block of zeros. */
static void start_lz4(void)
{
	struct bundle_block block = { 504, 504 };

	start(SOURCE_MEMORY);
	memset(plain + 504, 0, SIZE - 504);
	memcpy(stored, &block, sizeof(block));
	memcpy(stored + 8, plain, 504);
	block = (struct bundle_block){ 0, SIZE - 504 };
	memcpy(stored + 8 + 504, &block, sizeof(block));
	store(BUNDLE_COMPRESSION_LZ4, 8 + 504 + 8);
}

static void lz4_is_unpacked(void)
{
	start_lz4();
	load(0, SIZE);
	EXPECT(!memcmp(dest, plain, SIZE));
	start_lz4();
	stored[0]++;
	EXPECT_PANIC("test: LZ4 data of 0x208 bytes is malformed",
	             load(0, SIZE));
	start_lz4();
	stored[9] ^= 1;
	EXPECT_PANIC("test: sum of 0x208 bytes", load(0, SIZE));
	start_lz4();
	EXPECT_PANIC("bug: is_whole", load(8, 8));
}

static void start_zstd(void)
{
	start(SOURCE_MEMORY);
	store(BUNDLE_COMPRESSION_ZSTD,
	      ZSTD_compress(stored, sizeof(stored), plain, SIZE, 3));
	reader.zstd = malloc(ZSTD_WORKSPACE_SIZE);
}

static void zstd_is_unpacked(void)
{
	start_zstd();
	load(0, SIZE);
	EXPECT(!memcmp(dest, plain, SIZE));
	stored[9] ^= 1;
	EXPECT_PANIC("test: sum of ", load(0, SIZE));
	source.has_checksum = false;
	source.stored_size = 0x123;
	EXPECT_PANIC("test: zstd data of 0x123 bytes is malformed",
	             load(0, SIZE));
	EXPECT_PANIC("bug: is_whole", load(0, 8));
	free(reader.zstd);
}

/* ---- what cannot stay on a disk */

static void a_source_is_fetched_to_ram(void)
{
	start(SOURCE_DISK);
	machine.ram_count = 1;
	machine.ram[0] = (struct machine_ram){ .base = paddr_of(ram),
		                               .size = RAM_SIZE,
		                               .type = MEMORY_RAM };
	memory_init(&memory, &machine);
	source.disk_offset = 3;
	source.stored_size = SIZE - 3;
	source_fetch(&reader, "test", &source, &memory);
	EXPECT(source.kind == SOURCE_MEMORY);
	EXPECT(!memcmp(source.data, plain + 3, SIZE - 3));
	EXPECT_EQ(paddr_of(source.data) % 0x1000, 0);
	EXPECT(!memory_is_free(&memory, paddr_of(source.data), 1));
	EXPECT(fake_map_has(paddr_of(source.data), SIZE - 3));
	source.kind = SOURCE_DISK;
	source.stored_size = UINT64_MAX;
	EXPECT_PANIC("test: 0xffffffffffffffff bytes: no RAM for them",
	             source_fetch(&reader, "test", &source, &memory));
}

int main(void)
{
	RUN(each_kind_is_loaded);
	RUN(more_than_there_is_panics);
	RUN(each_flipped_bit_panics);
	RUN(without_a_sum_any_bytes_are_right);
	RUN(a_source_is_checked_where_it_lies);
	RUN(lz4_is_unpacked);
	RUN(zstd_is_unpacked);
	RUN(a_source_is_fetched_to_ram);
	free(dest);
	return test_status();
}
