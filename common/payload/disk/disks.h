/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/payload/disk/disks.h - all disks that the machine has, one by one
 *
 * The order is: slots of virtio-mmio, virtio functions on the first bus of each
 * PCI host and behind its ports, disks that only the architecture has.
 */
#ifndef COMMON_PAYLOAD_DISK_DISKS_H
#define COMMON_PAYLOAD_DISK_DISKS_H

#include "common/payload/disk/virtio_mmio.h"
#include "common/payload/disk/virtio_pci.h"

/* Where the walk over all disks is. It starts as all 0. */
struct disks {
	struct virtio_mmio_walk mmio;
	struct virtio_pci_walk pci;
	uint32_t arch_index;
};

/*
 * Opens the next disk, which the caller reads and closes before it asks for
 * another. disk->pages are set. Returns false if there are no more.
 */
bool disks_next(struct disks *disks, const struct machine *machine,
                struct disk *disk);

#endif
