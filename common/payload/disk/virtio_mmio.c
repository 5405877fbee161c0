/* SPDX-License-Identifier: BSD-2-Clause */
/* common/payload/disk/virtio_mmio.c - what is in the slots: VIRTIO 1.2
 * section 4.2 */
#include "common/arch.h"
#include "common/boot.h"
#include "common/lib/console.h"
#include "common/lib/string.h"
#include "common/payload/disk/virtio.h"

#define MMIO_MAGIC      0x74726976 /* "virt" */
#define MMIO_VERSION    4
#define MMIO_DEVICE_ID  8
#define VERSION_LEGACY  1
#define VERSION_CURRENT 2

/* Slot `index` of the row; next to the machine's last one, or by itself. */
static NOINLINE void add_slot(struct machine *machine,
                              const struct machine_virtio_mmio *row,
                              uint32_t index, bool is_next)
{
	uint32_t count = machine->virtio_mmio_count;
	struct machine_virtio_mmio *slot = &machine->virtio_mmio[count];

	if (is_next) {
		slot[-1].more_count++;
		return;
	}
	check(count < MACHINE_VIRTIO_MMIO_MAX);
	*slot = *row;
	slot->paddr += (uint64_t)index * row->size;
	slot->gsi += index;
	slot->more_count = 0;
	machine->virtio_mmio_count++;
}

void virtio_mmio_add_used(struct machine *machine,
                          const struct machine_virtio_mmio *row)
{
	uint64_t size = (row->more_count + 1ULL) * row->size;
	paddr_t base = row->paddr + MMIO_DEVICE_ID, behind_last = 0;

	arch_map_device(row->paddr, size);
	for (paddr_t id = base; id != base + size; id += row->size) {
		if (!arch_device_read(id, 4))
			continue;
		add_slot(machine, row, (id - base) / row->size,
		         id == behind_last);
		behind_last = id + row->size;
	}
}

void virtio_mmio_drop_empty(struct machine *machine)
{
	struct machine_virtio_mmio rows[MACHINE_VIRTIO_MMIO_MAX];
	uint32_t count = machine->virtio_mmio_count;

	memcpy(rows, machine->virtio_mmio, count * sizeof(rows[0]));
	machine->virtio_mmio_count = 0;
	for (uint32_t i = 0; i < count; i++)
		virtio_mmio_add_used(machine, &rows[i]);
}

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
