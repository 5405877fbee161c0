/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/payload/disk/disk.h - a disk, for VMMs whose ROMs are small
 *
 * Disks are polled, and each wait is bounded. A panic tells of a disk's error.
 * A driver yields disks; the payload finds out what is on them.
 */
#ifndef COMMON_PAYLOAD_DISK_DISK_H
#define COMMON_PAYLOAD_DISK_DISK_H

#include "common/lib/compiler.h"

struct machine_pci_host;

#define DISK_SECTOR_SIZE 512

/* Reads start and end at a multiple of this; no disk has larger blocks. */
#define DISK_PAGE_SIZE 4096

/* The pages of RAM that a disk needs. */
enum disk_page {
	DISK_PAGE_HEAD = 0, /* the first bytes of the disk */
	DISK_PAGE_EDGE,     /* a page of which only a part is wanted */
	DISK_PAGE_QUEUE,    /* virtio_blk.c: what the device reads */
	DISK_PAGE_USED,     /* virtio_blk.c: what it writes, without the data */
	DISK_PAGE_COUNT,
};

struct disk {
	/* Reads `count` sectors, at most count_max, straight to RAM. */
	void (*read)(const struct disk *disk, uint64_t sector, uint32_t count,
	             paddr_t dest);
	/* Ends the device's accesses to memory. NULL: it makes none. */
	void (*close)(const struct disk *disk);
	uint32_t count_max; /* sectors, a multiple of a page */
	uint64_t sector_count;
	paddr_t pages; /* DISK_PAGE_COUNT pages, set by the caller */

	/* ATA */
	uint16_t port;
	uint8_t select;
	uint8_t block_count; /* sectors that it transfers at once */

	/* virtio */
	bool is_pci;
	paddr_t registers; /* common configuration structure, or slot */
	paddr_t notify;    /* where requests are announced */

	/* PCI */
	const struct machine_pci_host *host;
	uint32_t function; /* slot << 3 | function, from the host's first bus */
	uint16_t command;  /* the command register, as it was */
	uint8_t bars_given;    /* a bit for each BAR that the blob set */
	bool port_is_given;    /* The VMM has given the port before it a bus. */
	uint16_t port_command; /* of that port, as it was */
	uint32_t port_end;     /* its function + 1; 0: none */
};

static inline paddr_t disk_page(const struct disk *disk, enum disk_page page)
{
	return disk->pages + page * DISK_PAGE_SIZE;
}

/*
 * Reads `size` bytes, which are on the disk, from byte `offset` on. `dest` is
 * mapped.
 */
void disk_read(const struct disk *disk, uint64_t offset, paddr_t dest,
               uint64_t size);

/* Reads the first page to DISK_PAGE_HEAD. A smaller disk returns false. */
bool disk_read_head(const struct disk *disk);

/* Leaves the disk as it was before a driver took it. */
void disk_close(const struct disk *disk);

#endif
