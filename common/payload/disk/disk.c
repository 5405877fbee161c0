/* SPDX-License-Identifier: BSD-2-Clause */
/* common/payload/disk/disk.c - finds the disk that starts with a bundle, and
 * reads it */
#include "common/payload/disk/disk.h"

#include "common/arch.h"
#include "common/boot.h"
#include "common/payload/bundle.h"
#include "common/lib/string.h"
#include "common/payload/disk/virtio.h"

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

bool disk_has_bundle(const struct disk *disk)
{
	paddr_t head = disk_page(disk, DISK_PAGE_HEAD);

	if (disk->sector_count < PAGE_SECTORS)
		return false;
	disk->read(disk, 0, PAGE_SECTORS, head);
	return bundle_is_at(paddr_ptr(head), DISK_PAGE_SIZE);
}

bool disk_find(struct boot *boot)
{
	boot->disk.pages = payload_take_ram(boot, "disk",
	                                    DISK_PAGE_COUNT * DISK_PAGE_SIZE);
	return virtio_mmio_find(boot) || virtio_pci_find(boot) ||
	       arch_find_disk(boot);
}

void disk_close(const struct boot *boot)
{
	if (boot->disk.close)
		boot->disk.close(&boot->disk);
}
