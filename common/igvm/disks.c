/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/igvm/disks.c - no disks, for the image that starts from an IGVM file
 *
 * A host that takes an IGVM file takes one of any size, so the payload is in
 * it, or comes from the host.
 */
#include "common/lib/console.h"
#include "common/payload/disk/disks.h"

bool disks_next(struct disks *disks, const struct machine *machine,
                struct disk *disk)
{
	(void)disks;
	(void)machine;
	(void)disk;
	return false;
}

/* Without a disk there is nothing on it to read. */
void disk_read(const struct disk *disk, uint64_t offset, paddr_t dest,
               uint64_t size)
{
	(void)disk;
	(void)offset;
	(void)dest;
	(void)size;
	check(false);
}

bool disk_read_head(const struct disk *disk)
{
	(void)disk;
	return false;
}

void disk_close(const struct disk *disk)
{
	(void)disk;
}
