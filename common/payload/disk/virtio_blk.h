/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/payload/disk/virtio.h - what the files about virtio block devices
 * share
 *
 * Virtual I/O Device (VIRTIO) Version 1.2, sections 2 and 4.1, 4.2, 5.2.
 */
#ifndef COMMON_PAYLOAD_DISK_VIRTIO_BLK_H
#define COMMON_PAYLOAD_DISK_VIRTIO_BLK_H

#include "common/payload/disk/disk.h"

#define VIRTIO_ID_BLOCK 2

/* Registers that both transports have; enum values index their offsets. */
enum virtio_register {
	VIRTIO_STATUS,         /* 8 bits by PCI */
	VIRTIO_QUEUE_SELECT,   /* 16 bits by PCI, up to */
	VIRTIO_QUEUE_SIZE_MAX, /* (as found there after a reset) */
	VIRTIO_QUEUE_SIZE,
	VIRTIO_QUEUE_ENABLE,
	VIRTIO_QUEUE_NOTIFY_OFFSET, /* this one, which only PCI has */
	VIRTIO_DEVICE_FEATURE_SELECT,
	VIRTIO_DEVICE_FEATURE,
	VIRTIO_DRIVER_FEATURE_SELECT,
	VIRTIO_DRIVER_FEATURE,
	VIRTIO_QUEUE_DESCRIPTORS, /* 64 bits, in two halves, as the next two */
	VIRTIO_QUEUE_DRIVER,
	VIRTIO_QUEUE_DEVICE,
	VIRTIO_REGISTER_COUNT,
};

uint32_t virtio_read(const struct disk *disk, enum virtio_register reg);

/*
 * Starts a block device whose registers are at disk->registers and whose
 * capacity is told at `config`. From then on the disk can be read.
 */
void virtio_start(struct disk *disk, paddr_t config, bool is_legacy);

/* Stops the device, whatever it did. */
HIDDEN void virtio_reset(const struct disk *disk);

#endif
