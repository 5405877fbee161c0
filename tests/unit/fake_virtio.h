/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/unit/fake_virtio.h - a virtio block device made of variables
 *
 * It does what VIRTIO 1.2 says of a block device, in a legacy slot, a newer one
 * and behind PCI, and checks what the driver does to it. It can also be told to
 * do wrong. It answers arch_device_read(), arch_pci_read() and their twins,
 * arch_ticks() and arch_wait().
 */
#ifndef TESTS_UNIT_FAKE_VIRTIO_H
#define TESTS_UNIT_FAKE_VIRTIO_H

#include "common/machine/machine.h"

#define FAKE_VIRTIO_SLOT        0x10000 /* registers, in a slot */
#define FAKE_VIRTIO_WINDOW      0x20000000
#define FAKE_VIRTIO_WINDOW_SIZE 0x100000
#define FAKE_VIRTIO_BAR_SIZE    0x4000
#define FAKE_VIRTIO_FUNCTION    (3 << 3)

enum fake_virtio_kind {
	LEGACY = 1,
	NEWER = 2,
	PCI,
};

struct fake_virtio {
	enum fake_virtio_kind kind;
	bool is_mute, is_stuck, is_broken, is_picky;
	uint32_t queue_max;
	uint64_t sector_count;
	const uint8_t *image; /* what is on it, the test's */
	uint32_t status;
	uint32_t feature_select, driver_select;
	uint32_t driver_features[2];
	uint32_t queue_size;
	uint64_t descriptors, available, used;
	bool is_enabled;
	uint16_t done;
	uint32_t request_count;
};

/* Its PCI function, where it has one. */
struct fake_virtio_function {
	uint32_t command;
	uint32_t bar4;
	uint32_t bar4_high;
	bool is_sized;
	uint8_t bar; /* that the capabilities name */
	uint32_t bell_size;
	bool is_looped;
};

extern struct fake_virtio device;
extern struct fake_virtio_function function;

/*
 * A device as it is after a reset of the machine, with an image of so many
 * sectors; and the machine has it.
 */
void fake_virtio_start(enum fake_virtio_kind kind, struct machine *machine,
                       const uint8_t *image, uint64_t sector_count);

void fake_virtio_reset(void);

/* Nothing is left of what a driver did to it. */
void fake_virtio_expect_as_before(void);

#endif
