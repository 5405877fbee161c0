/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/payload/disk.c - disks at the legacy IDE ports
 *
 * ATA/ATAPI-7 (INCITS 397) volume 1 section 6, volume 2 section 9. A PC's IDE
 * controller answers at these ports unless told otherwise. Disks are polled and
 * read by programmed input. Addresses have 28 bits, so a bundle can use the
 * first 128 GiB of a disk.
 */
#include "arch/x86_64/cpu.h"
#include "common/arch.h"
#include "common/lib/console.h"
#include "common/payload/disk/disk.h"

/* Registers, as offsets from the command block's base. */
#define ATA_DATA             0
#define ATA_ERROR            1
#define ATA_COUNT            2
#define ATA_LBA_LOW          3
#define ATA_LBA_MID          4
#define ATA_LBA_HIGH         5
#define ATA_DEVICE           6
#define ATA_STATUS           7 /* when read */
#define ATA_COMMAND          7 /* when written */
#define ATA_CONTROL          0x206

#define CONTROL_NO_INTERRUPT 2
#define DEVICE_LBA           0xe0 /* old standards want two of these bits set */
#define DEVICE_SECOND        0x10

#define STATUS_BUSY          0x80
#define STATUS_FAULT         0x20
#define STATUS_DATA          0x08
#define STATUS_ERROR         0x01
#define STATUS_NOBODY        0xff

#define COMMAND_READ         0x20
#define COMMAND_READ_BLOCKS  0xc4 /* READ MULTIPLE */
#define COMMAND_SET_BLOCK    0xc6
#define COMMAND_IDENTIFY     0xec

/* The data of IDENTIFY DEVICE, as indices of 16-bit words. */
#define IDENTIFY_BLOCK_MAX    47 /* bits 7:0: sectors of READ MULTIPLE */
#define IDENTIFY_SECTOR_COUNT 60 /* two words */

#define SECTOR_WORDS          (DISK_SECTOR_SIZE / 2)
#define COUNT_MAX             256 /* the register has 8 bits; 0 means this */

#define PIC_MASK_PORT         0x21 /* OCW1 of the 8259 that all are behind */

/* A disk has some seconds to answer: VMMs take 0.2 to 2 us for each access. */
#define WAIT_MAX 20000000

/*
 * Waits until the disk gives data. Returns false if it does not; its status
 * tells why.
 */
static bool wait_data(const struct disk *disk)
{
	uint8_t status = STATUS_BUSY;

	for (uint32_t i = 0; i < WAIT_MAX && status & STATUS_BUSY; i++)
		status = cpu_inb(disk->port + ATA_STATUS);
	return (status & (STATUS_BUSY | STATUS_FAULT | STATUS_DATA |
	                  STATUS_ERROR)) == STATUS_DATA;
}

static void start(const struct disk *disk, uint8_t command, uint32_t sector,
                  uint32_t count)
{
	uint16_t port = disk->port;

	cpu_outb(port + ATA_DEVICE, disk->select | sector >> 24);
	cpu_outb(port + ATA_COUNT, count);
	cpu_outb(port + ATA_LBA_LOW, sector);
	cpu_outb(port + ATA_LBA_MID, sector >> 8);
	cpu_outb(port + ATA_LBA_HIGH, sector >> 16);
	cpu_outb(port + ATA_COMMAND, command);
}

static void read_sectors(const struct disk *disk, uint64_t sector,
                         uint32_t count, paddr_t dest)
{
	uint32_t block = disk->block_count;

	start(disk, block > 1 ? COMMAND_READ_BLOCKS : COMMAND_READ, sector,
	      count);
	while (count) {
		if (!wait_data(disk))
			panic("ata: sector %lu: status %#x, error %#x", sector,
			      cpu_inb(disk->port + ATA_STATUS),
			      cpu_inb(disk->port + ATA_ERROR));
		block = min_u64(block, count);
		cpu_insw(disk->port + ATA_DATA, dest, block * SECTOR_WORDS);
		dest += block * DISK_SECTOR_SIZE;
		sector += block;
		count -= block;
	}
}

/* Tells whether a disk is there. Nothing else answers to IDENTIFY DEVICE. */
static bool identify(struct disk *disk)
{
	const uint16_t *words = paddr_ptr(disk_page(disk, DISK_PAGE_HEAD));
	uint8_t status;

	cpu_outb(disk->port + ATA_DEVICE, disk->select);
	status = cpu_inb(disk->port + ATA_STATUS);
	if (!status || status == STATUS_NOBODY)
		return false;
	cpu_outb(disk->port + ATA_CONTROL, CONTROL_NO_INTERRUPT);
	start(disk, COMMAND_IDENTIFY, 0, 0);
	if (!wait_data(disk))
		return false;
	cpu_insw(disk->port + ATA_DATA, paddr_of(words), SECTOR_WORDS);

	disk->read = read_sectors;
	disk->close = NULL;
	disk->count_max = COUNT_MAX;
	disk->sector_count = load_le32(&words[IDENTIFY_SECTOR_COUNT]);
	disk->block_count = words[IDENTIFY_BLOCK_MAX];
	if (disk->block_count > 1)
		start(disk, COMMAND_SET_BLOCK, 0, disk->block_count);
	else
		disk->block_count = 1;
	wait_data(disk);
	return true;
}

/* There may be two disks each at the primary and the secondary ports. */
bool arch_disk_next(struct disk *disk, uint32_t *index)
{
	while (*index < 4) {
		uint32_t i = (*index)++;

		disk->port = i & 2 ? 0x170 : 0x1f0;
		disk->select = DEVICE_LBA | (i & 1 ? DEVICE_SECOND : 0);
		if (identify(disk))
			return true;
	}
	return false;
}

/*
 * Not every VMM heeds that the driver wants no interrupts, and an 8259 keeps
 * one after the device's reset. Where ACPI is hardware-reduced Linux never sets
 * the 8259s up, and takes what comes for an exception: IRQ 5 for #BR.
 */
void arch_drop_interrupts(void)
{
	cpu_outb(PIC_MASK_PORT, 0xff);
}
