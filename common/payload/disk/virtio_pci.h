/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/payload/disk/virtio_pci.h - block devices on PCI hosts' first buses
 *
 * VIRTIO 1.2 section 4.1. The hosts are those of machine.pci_hosts. What is
 * behind a port of PCI Express on the first bus is found, too.
 */
#ifndef COMMON_PAYLOAD_DISK_VIRTIO_PCI_H
#define COMMON_PAYLOAD_DISK_VIRTIO_PCI_H

#include "common/machine/machine.h"
#include "common/payload/disk/disk.h"

/* The function to look at next. The walk starts as all 0. */
struct virtio_pci_walk {
	const struct machine *machine;
	uint32_t host;     /* of machine.pci_hosts */
	uint32_t function; /* slot << 3 | function */
	/* End of the host's address window that is not given out yet. */
	paddr_t window_end;
	bool has_legacy; /* a disk lacks VIRTIO 1.0's registers */
};

/* Opens the next block device. Returns false if no further host has one. */
bool virtio_pci_next(struct virtio_pci_walk *walk,
                     const struct machine *machine, struct disk *disk);

#endif
