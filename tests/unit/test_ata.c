/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/unit/test_ata.c - disks at the legacy ports, made of variables
 *
 * ATA/ATAPI-7 volume 1 section 6 defines the answers to IDENTIFY DEVICE, READ
 * SECTORS, READ MULTIPLE and SET MULTIPLE MODE, one block of data at a time.
 */
#include <stdlib.h>
#include <string.h>

#include "common/arch.h"
#include "common/payload/disk/disk.h"
#include "tests/unit/fake_cpu.h"
#include "tests/unit/test.h"

#define SECTOR_COUNT 1000
#define BUSY         0x80
#define READY        0x40
#define FAULT        0x20
#define DATA         0x08
#define ERROR        0x01

/* There is one disk, at one of four places. Other places float or read 0. */
static struct {
	uint32_t place; /* as arch_disk_next() counts them */
	uint8_t nobody;
	uint8_t block_max; /* 0: no READ MULTIPLE */
	bool is_packet;    /* a CD-ROM: IDENTIFY DEVICE is an error */
	bool is_stuck;
	uint64_t bad_sector;
	uint64_t first_sector; /* the image's first */
	uint32_t busy_reads;   /* of its status, after each command */
	/* registers */
	uint8_t select, count, lba[3];
	uint8_t status, error;
	uint32_t busy;
	uint32_t block;
	/* what is read next */
	uint16_t identify[256];
	const uint8_t *data;
	uint64_t sector, sectors_left, words_left;
	uint32_t commands;
	uint32_t status_reads;
	uint8_t bad_status; /* of the bad sector */
} ata;

static uint8_t *image;
static uint8_t *pages;
static struct disk disk;
static uint8_t pic_mask;

static uint16_t base_port(void)
{
	return ata.place & 2 ? 0x170 : 0x1f0;
}

static bool is_selected(void)
{
	return (ata.select >> 4 & 1) == (ata.place & 1);
}

/* Makes the next block ready, or ends the command. */
static void next_block(void)
{
	uint64_t count =
		ata.sectors_left < ata.block ? ata.sectors_left : ata.block;

	ata.status = READY;
	ata.words_left = 0;
	if (!count)
		return;
	if (ata.sector <= ata.bad_sector &&
	    ata.bad_sector < ata.sector + count) {
		ata.status = ata.bad_status;
		ata.error = 0x40;
		return;
	}
	ata.status = READY | DATA;
	ata.data = image + (ata.sector - ata.first_sector) * 512;
	ata.words_left = count * 256;
	ata.sector += count;
	ata.sectors_left -= count;
}

static void read_command(uint32_t block)
{
	ata.block = block;
	ata.sector = ata.lba[0] | ata.lba[1] << 8 | ata.lba[2] << 16 |
	             (uint64_t)(ata.select & 0xf) << 24;
	ata.sectors_left = ata.count ? ata.count : 256;
	EXPECT_EQ(ata.select & 0xe0, 0xe0); /* LBA */
	EXPECT(is_within(ata.sector - ata.first_sector, ata.sectors_left,
	                 SECTOR_COUNT));
	next_block();
}

static void start_command(uint8_t command)
{
	static uint32_t multiple;

	ata.commands++;
	ata.busy = ata.busy_reads;
	/* Other commands than reads use none of these registers. */
	if (command == 0xec || command == 0xc6)
		EXPECT(!ata.lba[0] && !ata.lba[1] && !ata.lba[2]);
	if (command == 0xec)
		EXPECT_EQ(ata.count, 0);
	switch (command) {
	case 0xec:
		multiple = 0;
		ata.status = READY | (ata.is_packet ? ERROR : DATA);
		ata.data = (const uint8_t *)ata.identify;
		ata.words_left = 256;
		ata.sectors_left = 0;
		break;
	case 0xc6:
		EXPECT(ata.count == ata.block_max);
		multiple = ata.count;
		ata.status = READY;
		break;
	case 0xc4:
		EXPECT(multiple != 0);
		read_command(multiple);
		break;
	case 0x20:
		read_command(1);
		break;
	default:
		EXPECT_EQ(command, 0);
	}
}

static void out(uint16_t port, uint32_t size, uint32_t value)
{
	EXPECT_EQ(size, 1);
	if (port == 0x21)
		pic_mask = (uint8_t)value;
	if (port == base_port() + 6)
		ata.select = (uint8_t)value;
	if (!is_selected())
		return;
	if (port == base_port() + 2)
		ata.count = (uint8_t)value;
	if (port >= base_port() + 3 && port <= base_port() + 5)
		ata.lba[port - base_port() - 3] = (uint8_t)value;
	if (port == base_port() + 7)
		start_command((uint8_t)value);
	if (port == base_port() + 0x206)
		EXPECT_EQ(value, 2);
}

static uint32_t read_data(void)
{
	uint16_t word;

	EXPECT(ata.words_left != 0);
	if (!ata.words_left)
		return 0;
	memcpy(&word, ata.data, sizeof(word));
	ata.data += sizeof(word);
	if (!--ata.words_left)
		next_block();
	return word;
}

static uint32_t in(uint16_t port, uint32_t size)
{
	if (port < base_port() || port > base_port() + 7 || !is_selected())
		return ata.nobody;
	if (port == base_port()) {
		EXPECT_EQ(size, 2);
		return read_data();
	}
	EXPECT_EQ(size, 1);
	if (port == base_port() + 1)
		return ata.error;
	EXPECT_EQ(port, base_port() + 7);
	ata.status_reads++;
	if (ata.is_stuck || ata.busy) {
		ata.busy -= !ata.is_stuck;
		return BUSY | DATA; /* the rest means nothing then */
	}
	return ata.status;
}

/* A disk of another kind has been here before. */
static void close_other(const struct disk *other)
{
	(void)other;
	EXPECT(false);
}

static void start(uint32_t place, uint8_t block_max)
{
	memset(&ata, 0, sizeof(ata));
	ata.place = place;
	ata.nobody = 0xff;
	ata.block_max = block_max;
	ata.status = READY;
	ata.busy_reads = 3;
	ata.bad_sector = UINT64_MAX;
	ata.bad_status = READY | ERROR;
	ata.identify[47] = 0x8000 | block_max;
	ata.identify[60] = SECTOR_COUNT;
	fake_cpu_clear();
	fake_cpu.in = in;
	fake_cpu.out = out;
	memset(ata.lba, 0xff, sizeof(ata.lba));
	ata.count = 0xff;
	disk = (struct disk){ .pages = paddr_of(pages), .close = close_other };
}

static bool take(void)
{
	uint32_t index = 0;

	return arch_disk_next(&disk, &index);
}

static void read_and_compare(uint64_t sector, uint32_t count)
{
	uint8_t *dest = malloc(count * 512);

	disk.read(&disk, sector, count, paddr_of(dest));
	EXPECT(!memcmp(dest, image + sector * 512, count * 512));
	free(dest);
}

static void each_of_four_is_found(void)
{
	for (uint32_t place = 0; place < 4; place++) {
		uint32_t index = 0;

		start(place, 16);
		ata.nobody = place % 2 ? 0xff : 0;
		EXPECT(arch_disk_next(&disk, &index));
		EXPECT_EQ(index, place + 1);
		EXPECT_EQ(disk.sector_count, SECTOR_COUNT);
		EXPECT(disk.close == NULL);
		EXPECT(fake_cpu_has_out(base_port() + 0x206, 1, 2));
		EXPECT(!arch_disk_next(&disk, &index));
		EXPECT_EQ(index, 4);
	}
}

static void no_interrupt_outlasts_a_disk(void)
{
	start(0, 16);
	pic_mask = 0;
	arch_drop_interrupts();
	EXPECT_EQ(pic_mask, 0xff);
}

static void sectors_are_read_in_blocks(void)
{
	static const uint8_t blocks[] = { 0, 1, 2, 16, 128, 255 };

	for (uint32_t i = 0; i < ARRAY_COUNT(blocks); i++) {
		start(0, blocks[i]);
		EXPECT(take());
		EXPECT_EQ(disk.block_count, blocks[i] ? blocks[i] : 1);
		EXPECT_EQ(disk.count_max, 256);
		read_and_compare(0, 8);
		read_and_compare(8, 1);
		read_and_compare(744, 256);
		read_and_compare(500, 33);
		EXPECT_EQ(ata.words_left, 0);
		EXPECT_EQ(ata.sectors_left, 0);
	}
}

/* The number of a sector has 28 bits in four registers. */
static void the_last_sectors_are_read(void)
{
	uint8_t *dest = malloc(3 * 512);

	start(1, 16);
	ata.identify[60] = 0xffff;
	ata.identify[61] = 0xfff;
	EXPECT(take());
	EXPECT_EQ(disk.sector_count, 0xfffffff);
	ata.first_sector = 0xedcba90;
	disk.read(&disk, 0xedcba98, 3, paddr_of(dest));
	EXPECT(!memcmp(dest, image + 8 * 512, 3 * 512));
	free(dest);
}

/* ATA/ATAPI-7 section 6.49: a block of one sector need not be asked for. */
static void only_blocks_of_many_sectors_are_set_up(void)
{
	start(0, 2);
	EXPECT(take());
	EXPECT_EQ(ata.commands, 2);
	start(0, 1);
	EXPECT(take());
	EXPECT_EQ(ata.commands, 1);
}

static void a_read_is_one_command(void)
{
	start(1, 16);
	EXPECT(take());
	ata.commands = 0;
	read_and_compare(0, 256);
	EXPECT_EQ(ata.commands, 1);
}

static void what_is_no_disk_is_passed_by(void)
{
	start(0, 16);
	ata.is_packet = true;
	EXPECT(!take());
	EXPECT_EQ(ata.status_reads, 1 + 3 + 1); /* An error ends the wait. */
	start(0, 16);
	ata.status = 0xff;
	EXPECT(!take());
	start(0, 16);
	ata.status = 0;
	EXPECT(!take());
	start(0, 16);
	ata.is_stuck = true; /* some seconds long */
	EXPECT(!take());
	EXPECT_EQ(ata.status_reads, 1 + 20000000);
}

/* ATA/ATAPI-7 section 5.14: DRQ may be set beside ERR and DF. */
static void bad_data_is_not_taken(void)
{
	static const uint8_t status[] = { ERROR, FAULT, ERROR | FAULT };

	for (volatile uint32_t i = 0; i < ARRAY_COUNT(status); i++) {
		start(0, 16);
		EXPECT(take());
		ata.bad_sector = 0;
		ata.bad_status = READY | DATA | status[i];
		EXPECT_PANIC("ata: sector 0: status 0x",
		             disk.read(&disk, 0, 1, paddr_of(pages)));
	}
}

static void a_bad_sector_panics(void)
{
	start(0, 16);
	EXPECT(take());
	ata.bad_sector = 20;
	EXPECT_PANIC("ata: sector 16: status 0x41, error 0x40",
	             disk.read(&disk, 0, 64, paddr_of(pages)));
}

int main(void)
{
	image = malloc(SECTOR_COUNT * 512);
	for (uint32_t i = 0; i < SECTOR_COUNT * 512; i++)
		image[i] = (uint8_t)(i * 7 + (i >> 9) * 3);
	pages = malloc(64 * 512);
	RUN(each_of_four_is_found);
	RUN(no_interrupt_outlasts_a_disk);
	RUN(sectors_are_read_in_blocks);
	RUN(the_last_sectors_are_read);
	RUN(only_blocks_of_many_sectors_are_set_up);
	RUN(a_read_is_one_command);
	RUN(what_is_no_disk_is_passed_by);
	RUN(bad_data_is_not_taken);
	RUN(a_bad_sector_panics);
	free(image);
	free(pages);
	return test_status();
}
