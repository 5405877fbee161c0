/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/place/guest.h - what has been put in place for the kernel to run
 *
 * Placing fills the structs, and describing reads them. All addresses are
 * physical, all sizes are bytes.
 */
#ifndef COMMON_PLACE_GUEST_H
#define COMMON_PLACE_GUEST_H

#include "common/machine/machine.h"

/*
 * The addresses where something may lie: from `base` on if there is room, else
 * from `lowest` on. Its end is at most `end`.
 */
struct place_limits {
	paddr_t base;
	paddr_t lowest;
	paddr_t end;
	uint64_t alignment; /* a power of two */
};

/* The kernel in its place, and what it demands of the other parts. */
struct kernel {
	paddr_t entry;
	paddr_t base;
	uint64_t size;      /* bytes that it needs until it manages memory */
	bool is_randomized; /* KASLR: it runs at another virtual address */
	/*
	 * The struct setup_header of an x86 bzImage, which is handed back to
	 * it. NULL for other kernels.
	 */
	const void *setup_header;
	uint32_t setup_header_size;
	struct place_limits initrd; /* where it may lie */
	/* Claimed already, for a command line that fits. Size 0: none. */
	struct machine_range cmdline_area;
	struct place_limits cmdline; /* where a longer one may lie */
	uint32_t cmdline_max;        /* characters, without the NUL */
};

struct cmdline {
	char *text;    /* NUL-terminated, at its final address */
	uint32_t size; /* without the NUL */
	uint32_t max;  /* what kernel and room allow, without the NUL */
};

struct guest {
	struct kernel kernel;
	struct machine_range initrd; /* size 0: none */
	struct cmdline cmdline;
};

#endif
