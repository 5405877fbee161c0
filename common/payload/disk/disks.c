/* SPDX-License-Identifier: BSD-2-Clause */
/* common/payload/disk/disks.c - all disks of the machine, see disks.h */
#include "common/payload/disk/disks.h"

#include "common/arch.h"

bool disks_next(struct disks *disks, const struct machine *machine,
                struct disk *disk)
{
	*disk = (struct disk){ .pages = disk->pages };
	return virtio_mmio_next(&disks->mmio, machine, disk) ||
	       virtio_pci_next(&disks->pci, machine, disk) ||
	       arch_disk_next(disk, &disks->arch_index);
}
