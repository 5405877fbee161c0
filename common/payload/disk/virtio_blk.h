/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/payload/disk/virtio_blk.h - a virtio block device, by either transport
 *
 * Virtual I/O Device (VIRTIO) Version 1.2, sections 2, 4.1, 4.2 and 5.2.
 */
#ifndef COMMON_PAYLOAD_DISK_VIRTIO_BLK_H
#define COMMON_PAYLOAD_DISK_VIRTIO_BLK_H

#include "common/machine/machine.h"
#include "common/payload/disk/disk.h"

#define VIRTIO_ID_BLOCK 2

/* Registers that both transports have. The values index tables of offsets. */
enum virtio_register {
	VIRTIO_STATUS,         /* 8 bits on PCI */
	VIRTIO_QUEUE_SELECT,   /* this and the next four: 16 bits on PCI */
	VIRTIO_QUEUE_SIZE_MAX, /* on PCI: QUEUE_SIZE, as a reset leaves it */
	VIRTIO_QUEUE_SIZE,
	VIRTIO_QUEUE_ENABLE,
	VIRTIO_QUEUE_NOTIFY_OFFSET, /* only on PCI */
	VIRTIO_DEVICE_FEATURE_SELECT,
	VIRTIO_DEVICE_FEATURE,
	VIRTIO_DRIVER_FEATURE_SELECT,
	VIRTIO_DRIVER_FEATURE,
	VIRTIO_QUEUE_DESCRIPTORS, /* 64 bits, in two halves, as the next two */
	VIRTIO_QUEUE_DRIVER,
	VIRTIO_QUEUE_DEVICE,
	VIRTIO_REGISTER_COUNT,
};

/*
 * Maps what is said to be a device's. Returns false if any of it is RAM: the
 * blob would write to that as to registers.
 */
bool virtio_map(paddr_t base, uint64_t size, const struct machine *machine);

/* Reads a register of the disk's device. */
uint32_t virtio_read(const struct disk *disk, enum virtio_register reg);

/*
 * Starts the block device whose registers are at disk->registers and which
 * tells its capacity at `config`. From then on the disk can be read.
 */
void virtio_start(struct disk *disk, paddr_t config, bool is_legacy);

/* Resets the device, whatever it did. */
HIDDEN void virtio_reset(const struct disk *disk);

/* The same, when the disk is read no more. */
void virtio_close(const struct disk *disk);

#endif
