/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/place/guest.h - what has been put in place for the kernel to run
 */
#ifndef COMMON_PLACE_GUEST_H
#define COMMON_PLACE_GUEST_H

#include "common/machine/machine.h"

/*
 * Where something may lie: from `base` on if there is room, else from `lowest`
 * on, in any case with its end at most at `end`.
 */
struct place_limits {
	paddr_t base;
	paddr_t lowest;
	paddr_t end;
	uint64_t alignment; /* a power of two */
};

/* The kernel in place, and what it demands of what else is placed. */
struct kernel {
	paddr_t entry;
	paddr_t base;
	uint64_t size; /* all that the kernel needs before it manages memory */
	bool is_randomized; /* KASLR: at another virtual address */
	/* x86 bzImage: its struct setup_header, to be handed back; else NULL */
	const void *setup_header;
	uint32_t setup_header_size;
	struct place_limits initrd; /* where it is wanted */
	/* Claimed already, for a command line that fits; size 0: none. */
	struct machine_range cmdline_area;
	struct place_limits cmdline; /* where a longer one is wanted */
	uint32_t cmdline_max;        /* characters that it takes, no NUL */
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
