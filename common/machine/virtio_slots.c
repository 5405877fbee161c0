/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/machine/virtio_slots.c - which slots of virtio-mmio have a device
 *
 * VIRTIO 1.2 section 4.2.2: the device ID of an empty slot is 0.
 */
#include "common/machine/virtio_slots.h"

#include "common/arch.h"
#include "common/lib/console.h"
#include "common/lib/string.h"

#define MMIO_DEVICE_ID 8

static bool is_next(const struct machine_virtio_mmio *row,
                    const struct machine_virtio_mmio *slot)
{
	uint32_t count = 1 + row->more_count;

	return slot->paddr == row->paddr + (uint64_t)count * row->size &&
	       slot->size == row->size && slot->gsi == row->gsi + count &&
	       slot->is_edge == row->is_edge;
}

void virtio_slots_add(struct machine *machine,
                      const struct machine_virtio_mmio *slot)
{
	uint32_t count = machine->virtio_mmio_count;
	struct machine_virtio_mmio *rows = machine->virtio_mmio;

	if (count && is_next(&rows[count - 1], slot)) {
		rows[count - 1].more_count++;
		return;
	}
	check(count < MACHINE_VIRTIO_MMIO_MAX);
	rows[count] = *slot;
	machine->virtio_mmio_count++;
}

void virtio_slots_add_used(struct machine *machine,
                           const struct machine_virtio_mmio *row)
{
	struct machine_virtio_mmio slot = *row;

	arch_map_device(row->paddr, (row->more_count + 1ULL) * row->size);
	slot.more_count = 0;
	for (uint32_t i = 0; i <= row->more_count; i++) {
		if (arch_device_read(slot.paddr + MMIO_DEVICE_ID, 4))
			virtio_slots_add(machine, &slot);
		slot.paddr += slot.size;
		slot.gsi++;
	}
}

void virtio_slots_drop_empty(struct machine *machine)
{
	struct machine_virtio_mmio rows[MACHINE_VIRTIO_MMIO_MAX];
	uint32_t count = machine->virtio_mmio_count;

	memcpy(rows, machine->virtio_mmio, count * sizeof(rows[0]));
	machine->virtio_mmio_count = 0;
	for (uint32_t i = 0; i < count; i++)
		virtio_slots_add_used(machine, &rows[i]);
}
