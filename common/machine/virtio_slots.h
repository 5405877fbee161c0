/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/machine/virtio_slots.h - which slots of virtio-mmio have a device
 *
 * One read of a register tells. QEMU has two dozen empty slots, each of which
 * would cost a kernel that is told of it 400,000 instructions.
 */
#ifndef COMMON_MACHINE_VIRTIO_SLOTS_H
#define COMMON_MACHINE_VIRTIO_SLOTS_H

#include "common/machine/machine.h"

/*
 * Adds one slot to the machine: to its last row, if it comes next there, or as
 * the first of another.
 */
void virtio_slots_add(struct machine *machine,
                      const struct machine_virtio_mmio *slot);

/* Adds to the machine those slots of the row that have one, without gaps. */
void virtio_slots_add_used(struct machine *machine,
                           const struct machine_virtio_mmio *row);

/* The same for all rows that the machine has so far. */
void virtio_slots_drop_empty(struct machine *machine);

#endif
