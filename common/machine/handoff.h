/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/machine/handoff.h - what a door hands to the boot
 *
 * A door is the way by which the VMM started the blob. It delivers bytes and
 * facts. None of them is believed yet: arch_probe() decides what they mean.
 */
#ifndef COMMON_MACHINE_HANDOFF_H
#define COMMON_MACHINE_HANDOFF_H

#include "common/lib/compiler.h"

enum door {
	DOOR_RESET = 1, /* the reset vector, or address 0 on AArch64 */
	DOOR_PVH,       /* given_paddr: struct hvm_start_info */
	DOOR_LINUX,     /* given_paddr: struct boot_params, or an FDT */
	DOOR_IGVM,      /* given_paddr: struct igvm_params */
};

struct handoff {
	enum door door;
	paddr_t given_paddr;  /* what the VMM left in its one agreed register */
	paddr_t blob_paddr;   /* where the blob runs */
	uint64_t blob_size;   /* bytes */
	paddr_t bundle_paddr; /* the bundle packed with the blob */
	uint64_t bundle_size; /* bytes; 0: there is none */
	uint64_t start_ticks; /* arch_ticks() at the first instructions */
};

#endif
