/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/payload/disk/virtio_mmio.h - block devices in slots of virtio-mmio
 *
 * VIRTIO 1.2 section 4.2. The slots are those of machine.virtio_mmio.
 */
#ifndef COMMON_PAYLOAD_DISK_VIRTIO_MMIO_H
#define COMMON_PAYLOAD_DISK_VIRTIO_MMIO_H

#include "common/machine/machine.h"
#include "common/payload/disk/disk.h"

/* The slot to look at next. The walk starts as all 0. */
struct virtio_mmio_walk {
	uint32_t row;  /* of machine.virtio_mmio */
	uint32_t slot; /* in that row */
};

/* Opens the next block device. Returns false if no further slot has one. */
bool virtio_mmio_next(struct virtio_mmio_walk *walk,
                      const struct machine *machine, struct disk *disk);

#endif
