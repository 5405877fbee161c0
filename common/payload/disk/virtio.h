/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/payload/disk/virtio.h - what the files about virtio block devices
 * share
 *
 * Virtual I/O Device (VIRTIO) Version 1.2, sections 2 and 4.1, 4.2, 5.2.
 */
#ifndef COMMON_PAYLOAD_DISK_VIRTIO_H
#define COMMON_PAYLOAD_DISK_VIRTIO_H

#include "common/payload/disk/disk.h"

struct machine;

#define VIRTIO_ID_BLOCK    2
#define VIRTIO_CONFIG_MMIO 0x100 /* of a slot: the device's own registers */
#define VIRTIO_NOTIFY_MMIO 0x50

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

/* virtio_blk.c */
uint32_t virtio_read(const struct disk *disk, enum virtio_register reg);

/*
 * Takes a block device whose registers are at disk->registers and whose
 * capacity is told at `config`. Does it start with a bundle?
 */
bool virtio_has_bundle(struct disk *disk, paddr_t config, bool is_legacy);

/* Stops the device, whatever it did. */
void virtio_reset(const struct disk *disk);

/*
 * virtio_mmio.c: adds to the machine those slots of the row that have a device,
 * as rows without gaps. One read tells; QEMU has two dozen empty ones, each of
 * which would cost a kernel 400,000 instructions.
 */
void virtio_mmio_add_used(struct machine *machine,
                          const struct machine_virtio_mmio *row);

/* The same for all rows that the machine has so far. */
void virtio_mmio_drop_empty(struct machine *machine);

/* virtio_mmio.c, virtio_pci.c: look for it in all slots, and on all hosts */
bool virtio_mmio_find(struct boot *boot);
bool virtio_pci_find(struct boot *boot);

#endif
