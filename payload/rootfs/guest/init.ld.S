/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * payload/rootfs/guest/init.ld.S - the guest's first program: a flat image
 *
 * The host tool puts ELF headers before it and the configuration behind it, and
 * all of that is loaded as one segment.
 */
#include "payload/rootfs/guest/place.h"

ENTRY(_start)

SECTIONS {
	. = GUEST_START;
	.text : {
		KEEP(*(.text.start))
		*(.text .text.*) *(.rodata .rodata.*)
		/* Pointers, which the linker has filled. */
		*(.data .data.*)
		. = ALIGN(8);
	}
	guest_config = .;
	.none : { *(.bss .bss.* COMMON) *(.got .got.*) }
	ASSERT(ADDR(.text) == GUEST_START, "init: moved by an alignment")
	ASSERT(SIZEOF(.none) == 0, "init: variables")
	/DISCARD/ : { *(.comment) *(.note*) *(.eh_frame*) }
}
