/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/machine/host.h - what the host of an IGVM file says of the machine
 *
 * Most of it comes from the host's device tree, which common/igvm/host_tree.c
 * reads. These are the facts that no other VMM tells. OpenHCL's host_fdt_parser
 * names the properties.
 */
#ifndef COMMON_MACHINE_HOST_H
#define COMMON_MACHINE_HOST_H

#include "common/machine/range.h"

#define HOST_VMBUS_RANGE_MAX 2

/* Hyper-V's bus of paravirtual devices, as one trust level sees it. */
struct host_vmbus {
	bool is_present;
	uint32_t connection_id; /* for messages to the host */
	uint32_t range_count;
	/* These are for its devices, in ascending order. */
	struct machine_range ranges[HOST_VMBUS_RANGE_MAX];
};

struct machine_host {
	bool is_hyperv; /* by the tree's model */
	/*
	 * The host leaves it to the paravisor which RAM is the paravisor's own,
	 * and how much if memory_size is 0. Otherwise machine_ram.igvm_type
	 * tells.
	 */
	bool lets_choose_memory;
	uint64_t memory_size;
	struct host_vmbus guest_vmbus;     /* of VTL 0 */
	struct host_vmbus paravisor_vmbus; /* of VTL 2 */
	const uint8_t *entropy;            /* random bytes in the tree */
	uint32_t entropy_size;
};

#endif
