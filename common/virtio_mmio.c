/* SPDX-License-Identifier: BSD-2-Clause */
/* common/virtio_mmio.c - block devices in slots: VIRTIO 1.2 section 4.2 */
#include "common/arch.h"
#include "common/boot.h"
#include "common/virtio.h"

#define MMIO_MAGIC      0x74726976 /* "virt" */
#define MMIO_VERSION    4
#define MMIO_DEVICE_ID  8
#define VERSION_LEGACY  1
#define VERSION_CURRENT 2

static bool try_slot(struct disk *disk, paddr_t slot)
{
	uint32_t version;

	arch_map_device(slot, DISK_PAGE_SIZE);
	version = arch_device_read(slot + MMIO_VERSION, 4);
	if (arch_device_read(slot, 4) != MMIO_MAGIC ||
	    arch_device_read(slot + MMIO_DEVICE_ID, 4) != VIRTIO_ID_BLOCK ||
	    (version != VERSION_LEGACY && version != VERSION_CURRENT))
		return false;
	disk->registers = slot;
	disk->notify = slot + VIRTIO_NOTIFY_MMIO;
	if (virtio_has_bundle(disk, slot + VIRTIO_CONFIG_MMIO,
	                      version == VERSION_LEGACY))
		return true;
	virtio_reset(disk);
	return false;
}

bool virtio_mmio_find(struct boot *boot)
{
	for (uint32_t i = 0; i < boot->machine.virtio_mmio_count; i++) {
		const struct machine_virtio_mmio *slots =
			&boot->machine.virtio_mmio[i];

		for (uint64_t j = 0; j <= slots->more_count; j++) {
			if (try_slot(&boot->disk,
			             slots->paddr + j * slots->size))
				return true;
		}
	}
	return false;
}
