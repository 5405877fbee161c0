/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/unit/test_disk.c - reads any bytes of a disk with whole sectors */
#include <stdlib.h>
#include <string.h>

#include "common/payload/disk/disk.h"
#include "tests/unit/test.h"

#define SECTOR_COUNT 1000
#define SIZE         (SECTOR_COUNT * DISK_SECTOR_SIZE)

static uint8_t image[SIZE];
static uint8_t *pages; /* malloc()ed, so that ASan knows where they end */
static struct disk disk;
static uint32_t read_count, close_count;

static void read_sectors(const struct disk *of, uint64_t sector, uint32_t count,
                         paddr_t dest)
{
	EXPECT(of == &disk);
	EXPECT(count >= 1 && count <= disk.count_max);
	EXPECT(is_within(sector, count, disk.sector_count));
	/* Some disks have blocks of a page, and none has larger ones. */
	EXPECT_EQ(sector % 8, 0);
	EXPECT(count % 8 == 0 || sector + count == disk.sector_count);
	memcpy(paddr_ptr(dest), image + sector * DISK_SECTOR_SIZE,
	       count * DISK_SECTOR_SIZE);
	read_count++;
}

static uint64_t first_sector;

static void note_sector(const struct disk *of, uint64_t sector, uint32_t count,
                        paddr_t dest)
{
	EXPECT(of == &disk && count > 0);
	memset(paddr_ptr(dest), 0, count * DISK_SECTOR_SIZE);
	first_sector = sector;
}

static void close_it(const struct disk *of)
{
	EXPECT(of == &disk);
	close_count++;
}

static void start(uint32_t count_max)
{
	free(pages);
	pages = malloc(DISK_PAGE_COUNT * DISK_PAGE_SIZE);
	memset(pages, 0xa5, DISK_PAGE_COUNT * DISK_PAGE_SIZE);
	for (uint32_t i = 0; i < SIZE; i++)
		image[i] = (uint8_t)(i * 7 + (i >> 9) * 3);
	disk = (struct disk){
		.read = read_sectors,
		.count_max = count_max,
		.sector_count = SECTOR_COUNT,
		.pages = paddr_of(pages),
	};
	read_count = close_count = 0;
}

static void read_and_compare(uint64_t offset, uint64_t size)
{
	uint8_t *dest = malloc(size + 1);

	dest[size] = 0x5a;
	disk_read(&disk, offset, paddr_of(dest), size);
	EXPECT(!memcmp(dest, image + offset, size));
	EXPECT_EQ(dest[size], 0x5a);
	free(dest);
}

static void any_bytes_are_read(void)
{
	for (uint32_t i = 0; i < 3000; i++) {
		uint64_t offset = test_random_below(SIZE + 1);

		start(8 << i % 6);
		read_and_compare(
			offset,
			test_random_below((uint32_t)(SIZE - offset) + 1));
	}
}

static void whole_pages_come_straight(void)
{
	start(256);
	read_and_compare(0x1000, 0x1000);
	EXPECT_EQ(read_count, 1);
	EXPECT_EQ(*(uint8_t *)paddr_ptr(disk_page(&disk, DISK_PAGE_EDGE)),
	          0xa5);
	read_count = 0;
	read_and_compare(0, 300 * DISK_SECTOR_SIZE);
	EXPECT_EQ(read_count, 3); /* 256, 40, and half a page */
	read_count = 0;
	read_and_compare(0x1fff, 0x1002);
	EXPECT_EQ(read_count, 3);
	read_count = 0;
	read_and_compare(0x1234, 0);
	EXPECT_EQ(read_count, 0);
}

static void sectors_beyond_2_tib_are_read(void)
{
	uint8_t dest[16];

	start(8);
	disk.read = note_sector;
	disk.sector_count = 1ULL << 50;
	disk_read(&disk, 0x123456789ab001, paddr_of(dest), sizeof(dest));
	EXPECT_EQ(first_sector, 0x123456789ab000 / DISK_SECTOR_SIZE);
}

/* A disk may end within a page. */
static void the_last_sectors_are_read(void)
{
	start(256);
	disk.sector_count = 13;
	read_and_compare(8 * 512, 5 * 512);
	read_and_compare(12 * 512 + 100, 412);
	read_and_compare(0, 13 * 512);
}

static void a_head_is_a_page(void)
{
	start(256);
	EXPECT(disk_read_head(&disk));
	EXPECT(!memcmp(pages, image, DISK_PAGE_SIZE));
	EXPECT_EQ(read_count, 1);
	disk.sector_count = 8;
	EXPECT(disk_read_head(&disk));
	EXPECT_EQ(read_count, 2);
	disk.sector_count = 7;
	EXPECT(!disk_read_head(&disk));
	disk.sector_count = 0;
	EXPECT(!disk_read_head(&disk));
	EXPECT_EQ(read_count, 2);
}

static void a_disk_is_closed_if_it_can_be(void)
{
	start(256);
	disk_close(&disk);
	EXPECT_EQ(close_count, 0);
	disk.close = close_it;
	disk_close(&disk);
	EXPECT_EQ(close_count, 1);
}

int main(void)
{
	RUN(any_bytes_are_read);
	RUN(whole_pages_come_straight);
	RUN(sectors_beyond_2_tib_are_read);
	RUN(the_last_sectors_are_read);
	RUN(a_head_is_a_page);
	RUN(a_disk_is_closed_if_it_can_be);
	free(pages);
	return test_status();
}
