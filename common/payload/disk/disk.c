/* SPDX-License-Identifier: BSD-2-Clause */
/* common/payload/disk/disk.c - reads any bytes of a disk, see disk.h */
#include "common/payload/disk/disk.h"

#include "common/lib/string.h"

#define PAGE_SECTORS (DISK_PAGE_SIZE / DISK_SECTOR_SIZE)

void disk_read(const struct disk *disk, uint64_t offset, paddr_t dest,
               uint64_t size)
{
	paddr_t edge = disk_page(disk, DISK_PAGE_EDGE);

	while (size) {
		uint64_t sector =
			align_down(offset, DISK_PAGE_SIZE) / DISK_SECTOR_SIZE;
		uint64_t skipped = offset % DISK_PAGE_SIZE;
		uint64_t count = min_u64(size / DISK_PAGE_SIZE * PAGE_SECTORS,
		                         disk->count_max);
		uint64_t piece = count * DISK_SECTOR_SIZE;

		if (skipped || !count) {
			piece = min_u64(size, DISK_PAGE_SIZE - skipped);
			count = min_u64(disk->sector_count - sector,
			                PAGE_SECTORS);
			disk->read(disk, sector, count, edge);
			memcpy(paddr_ptr(dest), paddr_ptr(edge + skipped),
			       piece);
		} else {
			disk->read(disk, sector, count, dest);
		}
		offset += piece;
		dest += piece;
		size -= piece;
	}
}

bool disk_read_head(const struct disk *disk)
{
	if (disk->sector_count < PAGE_SECTORS)
		return false;
	disk->read(disk, 0, PAGE_SECTORS, disk_page(disk, DISK_PAGE_HEAD));
	return true;
}

void disk_close(const struct disk *disk)
{
	if (disk->close)
		disk->close(disk);
}
