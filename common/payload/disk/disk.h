/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/payload/disk/disk.h - a disk, for VMMs whose ROMs are small
 *
 * Disks are polled and each wait is bounded; what a disk refuses is told by a
 * panic. A driver yields disks; what is on one, the payload asks.
 */
#ifndef COMMON_PAYLOAD_DISK_DISK_H
#define COMMON_PAYLOAD_DISK_DISK_H

#include "common/lib/compiler.h"

struct machine_pci_host;

#define DISK_SECTOR_SIZE 512

/* Where each read starts and ends: no disk has larger blocks. */
#define DISK_PAGE_SIZE 4096

/* What the disk's driver and we need of RAM, one page each. */
enum disk_page {
	DISK_PAGE_HEAD = 0, /* the first bytes of the disk */
	DISK_PAGE_EDGE,     /* a page of which only a part is wanted */
	DISK_PAGE_QUEUE,    /* virtio_blk.c: what the device reads of us, */
	DISK_PAGE_USED,     /* what it writes, but for the data */
	DISK_PAGE_COUNT,
};

struct disk {
	/* Reads `count` sectors, at most count_max, straight to RAM. */
	void (*read)(const struct disk *disk, uint64_t sector, uint32_t count,
	             paddr_t dest);
	/* Ends what the device does in memory; NULL: it does nothing there. */
	void (*close)(const struct disk *disk);
	uint32_t count_max; /* a multiple of those in a page */
	uint64_t sector_count;
	paddr_t pages; /* DISK_PAGE_COUNT of them, the caller's */

	/* ATA */
	uint16_t port;
	uint8_t select;
	uint8_t block_count; /* sectors that it gives at once */

	/* virtio */
	bool is_pci;
	paddr_t registers; /* common configuration structure, or slot */
	paddr_t notify;    /* where it is told of requests */

	/* PCI */
	const struct machine_pci_host *host;
	uint32_t function;  /* slot << 3 | function, on the host's first bus */
	uint16_t command;   /* the register, as it was */
	uint8_t bars_given; /* one bit each: those with an address of ours */
};

static inline paddr_t disk_page(const struct disk *disk, enum disk_page page)
{
	return disk->pages + page * DISK_PAGE_SIZE;
}

/* Reads any bytes to `dest`, which is mapped; they are on the disk. */
void disk_read(const struct disk *disk, uint64_t offset, paddr_t dest,
               uint64_t size);

/* Reads the first page to DISK_PAGE_HEAD. False: the disk is smaller. */
bool disk_read_head(const struct disk *disk);

/* Leaves the disk as it was before a driver took it. */
void disk_close(const struct disk *disk);

#endif
