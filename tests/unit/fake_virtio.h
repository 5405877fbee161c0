/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/unit/fake_virtio.h - a virtio block device made of variables
 *
 * It behaves like a block device of VIRTIO 1.2, in a legacy slot, in a newer
 * slot or on PCI, and checks what the driver does. A test can make it
 * misbehave. It implements arch_device_read(), arch_pci_read(), the functions
 * that write, arch_ticks() and arch_wait().
 */
#ifndef TESTS_UNIT_FAKE_VIRTIO_H
#define TESTS_UNIT_FAKE_VIRTIO_H

#include "common/machine/machine.h"

/* The address of a slot's registers. On AArch64 it may have any. */
#define FAKE_VIRTIO_SLOT        0x1000010000
#define FAKE_VIRTIO_WINDOW      0x20000000
#define FAKE_VIRTIO_WINDOW_SIZE 0x100000
#define FAKE_VIRTIO_BAR_SIZE    0x4000
#define FAKE_VIRTIO_BELL_SIZE   0x1000 /* of the BAR 2 */
#define FAKE_VIRTIO_FUNCTION    (3 << 3)
#define FAKE_VIRTIO_BEHIND      0x100 /* the first function of the next bus */

enum fake_virtio_kind {
	LEGACY = 1,
	NEWER = 2,
	PCI,
};

struct fake_virtio {
	enum fake_virtio_kind kind;
	uint32_t magic, version, id; /* of a slot */
	bool is_mute, is_stuck, is_broken, is_picky;
	uint32_t queue_max;
	uint64_t sector_count;
	const uint8_t *image; /* the disk's bytes, which are the test's */
	uint32_t status;
	uint32_t feature_select, driver_select;
	uint32_t driver_features[2];
	uint32_t page_size, queue_align; /* of a legacy slot */
	uint32_t queue_size;
	uint64_t descriptors, available, used;
	bool is_enabled;
	uint16_t done;
	uint32_t request_count;
};

/* The device's PCI function, if it has one. */
struct fake_virtio_function {
	uint32_t host; /* the machine's other hosts have no functions */
	uint32_t command;
	uint32_t bar4;
	uint32_t bar4_high;
	bool is_sized;
	uint8_t bar;       /* The capabilities name this BAR. */
	bool has_bell_bar; /* but the notification's the BAR 2 */
	uint32_t bar2;
	uint32_t bell_size;
	uint32_t bell_stride, bell_index;
	bool is_looped;
	uint8_t missing; /* There is no capability of this type. */

	/* It is on the bus of a port, which has these registers. */
	bool has_port;
	uint32_t port_command, port_buses, port_window;
};

extern struct fake_virtio device;
extern struct fake_virtio_function function;

/*
 * Resets the device, gives it an image of so many sectors, and adds it to the
 * machine.
 */
void fake_virtio_start(enum fake_virtio_kind kind, struct machine *machine,
                       const uint8_t *image, uint64_t sector_count);

void fake_virtio_reset(void);

/* Puts the PCI function behind a port that has no bus yet. */
void fake_virtio_put_behind_port(struct machine *machine);

/* Expects that the driver has left the device as it was. */
void fake_virtio_expect_as_before(void);

#endif
