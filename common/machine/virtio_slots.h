/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/machine/virtio_slots.h - which slots of virtio-mmio have a device
 *
 * One read of a register tells whether a slot has one. QEMU has two dozen empty
 * slots. Each of them would cost a kernel that is told of it 400,000
 * instructions.
 */
#ifndef COMMON_MACHINE_VIRTIO_SLOTS_H
#define COMMON_MACHINE_VIRTIO_SLOTS_H

#include "common/machine/machine.h"

/*
 * Adds one slot to the machine. The slot extends the machine's last row if it
 * comes next in that row, else it starts another row.
 */
void virtio_slots_add(struct machine *machine,
                      const struct machine_virtio_mmio *slot);

/*
 * Adds to the machine those slots of `row` that have a device. `row` is none of
 * the machine's own.
 */
void virtio_slots_add_used(struct machine *machine,
                           const struct machine_virtio_mmio *row);

/* Drops the empty slots from all rows that the machine has so far. */
void virtio_slots_drop_empty(struct machine *machine);

#endif
