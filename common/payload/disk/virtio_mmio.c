/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/payload/disk/virtio_mmio.c - disks in slots of virtio-mmio
 *
 * VIRTIO 1.2 section 4.2.
 */
#include "common/payload/disk/virtio_mmio.h"

#include "common/arch.h"
#include "common/payload/disk/virtio_blk.h"

#define MMIO_MAGIC      0x74726976 /* "virt" */
#define MMIO_VERSION    4
#define MMIO_DEVICE_ID  8
#define MMIO_NOTIFY     0x50
#define MMIO_CONFIG     0x100 /* the device's own registers */
#define VERSION_LEGACY  1
#define VERSION_CURRENT 2

static bool take_slot(struct disk *disk, const struct machine *machine,
                      paddr_t slot)
{
	uint32_t version;

	if (!virtio_map(slot, DISK_PAGE_SIZE, machine))
		return false;
	version = arch_device_read(slot + MMIO_VERSION, 4);
	if (arch_device_read(slot, 4) != MMIO_MAGIC ||
	    arch_device_read(slot + MMIO_DEVICE_ID, 4) != VIRTIO_ID_BLOCK ||
	    (version != VERSION_LEGACY && version != VERSION_CURRENT))
		return false;
	disk->registers = slot;
	disk->notify = slot + MMIO_NOTIFY;
	disk->close = virtio_close;
	virtio_start(disk, slot + MMIO_CONFIG, version == VERSION_LEGACY);
	return true;
}

bool virtio_mmio_next(struct virtio_mmio_walk *walk,
                      const struct machine *machine, struct disk *disk)
{
	while (walk->row < machine->virtio_mmio_count) {
		const struct machine_virtio_mmio *row =
			&machine->virtio_mmio[walk->row];
		paddr_t slot = row->paddr + (uint64_t)walk->slot * row->size;

		if (walk->slot++ == row->more_count) {
			walk->slot = 0;
			walk->row++;
		}
		if (take_slot(disk, machine, slot))
			return true;
	}
	return false;
}
