/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/fuzz/fuzz_ata.c - a disk at the legacy ports that lies
 *
 * ATA/ATAPI-7 volume 1 section 6. The disk answers IDENTIFY DEVICE and reads as
 * it should, and lies change some of its answers. Whatever it does, the driver
 * must end, and write nowhere but to its pages and to what is read.
 */
#include <stdlib.h>
#include <string.h>

#include "common/arch.h"
#include "common/payload/disk/disk.h"
#include "tests/fuzz/fuzz.h"
#include "tests/unit/fake_cpu.h"

#define SECTOR_COUNT 300
#define DEST_SIZE    0x4000
#define LIE_MAX      8
#define READ_MAX     200000 /* of registers; a wait may take 20 million */
#define PORT         0x1f0
#define STATUS_READY 0x40
#define STATUS_DATA  0x08
#define STATUS_ERROR 0x01
#define WORDS        256 /* of a sector */

static struct {
	uint8_t select, count, lba[3], status;
	uint32_t block, block_max;
	const uint8_t *data;
	uint64_t sector, sectors_left, words_left;
	uint16_t identify[WORDS];
} ata;

static struct {
	uint16_t at; /* of the status and data read, by number */
	uint8_t flip;
} lies[LIE_MAX];
static uint32_t lie_count, read_count;

static uint8_t image[SECTOR_COUNT * DISK_SECTOR_SIZE];
static struct disk disk;
static uint8_t *pages;

bool fuzz_begin(const char *program)
{
	(void)program;
	for (uint32_t i = 0; i < sizeof(image); i++)
		image[i] = (uint8_t)(i * 7 + (i >> 9) * 3);
	pages = malloc(DISK_PAGE_COUNT * DISK_PAGE_SIZE);
	return true;
}

/* Makes the next block ready, or ends the command. */
static void next_block(void)
{
	uint64_t count = min_u64(ata.block, ata.sectors_left);

	ata.words_left = 0;
	ata.status = STATUS_READY;
	if (!count)
		return;
	if (!is_within(ata.sector, count, SECTOR_COUNT)) {
		ata.status |= STATUS_ERROR;
		return;
	}
	ata.status |= STATUS_DATA;
	ata.data = image + ata.sector * DISK_SECTOR_SIZE;
	ata.words_left = count * WORDS;
	ata.sector += count;
	ata.sectors_left -= count;
}

static void start_command(uint8_t command)
{
	ata.status = STATUS_READY;
	switch (command) {
	case 0xec: /* IDENTIFY DEVICE */
		ata.status |= STATUS_DATA;
		ata.data = (const uint8_t *)ata.identify;
		ata.words_left = WORDS;
		ata.sectors_left = 0;
		break;
	case 0xc6: /* SET MULTIPLE MODE */
		ata.block_max = ata.count;
		break;
	case 0xc4: /* READ MULTIPLE */
	case 0x20: /* READ SECTORS */
		ata.block = command == 0x20 ? 1 : ata.block_max;
		ata.sector = ata.lba[0] | ata.lba[1] << 8 | ata.lba[2] << 16 |
		             (ata.select & 0xf) << 24;
		ata.sectors_left = ata.count ? ata.count : 256;
		next_block();
		break;
	default:
		FUZZ_EXPECT(command == 0);
	}
}

static void out(uint16_t port, uint32_t size, uint32_t value)
{
	FUZZ_EXPECT(size == 1);
	if (port == PORT + 6)
		ata.select = (uint8_t)value;
	if (ata.select & 0x10)
		return;
	if (port == PORT + 2)
		ata.count = (uint8_t)value;
	if (port >= PORT + 3 && port <= PORT + 5)
		ata.lba[port - PORT - 3] = (uint8_t)value;
	if (port == PORT + 7)
		start_command((uint8_t)value);
}

static uint32_t answer(uint32_t truth)
{
	uint32_t number = read_count++;

	for (uint32_t i = 0; i < lie_count; i++) {
		/* A lie holds for two answers, as the driver may ask again. */
		if (number / 2 == lies[i].at)
			return truth ^ lies[i].flip;
	}
	/* A busy disk ends, so that a run does not take a second. */
	return number > READ_MAX ? STATUS_READY | STATUS_ERROR : truth;
}

static uint32_t in(uint16_t port, uint32_t size)
{
	uint16_t word = 0;

	if (port < PORT || port > PORT + 7 || ata.select & 0x10)
		return 0xff;
	if (port != PORT)
		return answer(port == PORT + 7 ? ata.status : 0x40);
	FUZZ_EXPECT(size == 2);
	if (ata.words_left) {
		memcpy(&word, ata.data, sizeof(word));
		ata.data += sizeof(word);
		if (!--ata.words_left)
			next_block();
	}
	return word;
}

static void make_disk(struct fuzz_input *input)
{
	static const uint8_t blocks[] = { 16, 0, 1, 2, 128, 255 };

	memset(&ata, 0, sizeof(ata));
	fake_cpu_clear();
	fake_cpu.in = in;
	fake_cpu.out = out;
	ata.status = STATUS_READY;
	ata.identify[47] = 0x8000 | blocks[fuzz_below(input, sizeof(blocks))];
	ata.identify[60] = SECTOR_COUNT;
	disk = (struct disk){ .pages = (uintptr_t)pages };
	read_count = 0;
	lie_count = fuzz_u8(input) % (LIE_MAX + 1);
	for (uint32_t i = 0; i < lie_count; i++) {
		lies[i].at = fuzz_u16(input) % 300;
		lies[i].flip = fuzz_u8(input);
	}
	if (fuzz_u8(input) % 4 == 3)
		fuzz_edit(input, ata.identify, sizeof(ata.identify));
}

bool fuzz_run(struct fuzz_input *input)
{
	uint32_t index = 0;
	uint64_t offset, size, end;
	uint8_t *dest;

	make_disk(input);
	if (!arch_disk_next(&disk, &index)) {
		FUZZ_EXPECT(lie_count);
		return false;
	}
	if (!disk_read_head(&disk))
		return false;
	end = disk.sector_count * DISK_SECTOR_SIZE;
	offset = fuzz_u32(input) % end;
	size = min_u64(1 + fuzz_u16(input) % DEST_SIZE, end - offset);
	dest = malloc(size);
	disk_read(&disk, offset, (uintptr_t)dest, size);
	if (!lie_count && is_within(offset, size, sizeof(image)))
		FUZZ_EXPECT(!memcmp(dest, image + offset, size));
	free(dest);
	return true;
}

void fuzz_check(void)
{
}
