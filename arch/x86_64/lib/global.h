/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/lib/global.h - where the work area is
 *
 * Only console.c, stop.c and exception.c use it, since anything may call them.
 */
#ifndef ARCH_X86_64_LIB_GLOBAL_H
#define ARCH_X86_64_LIB_GLOBAL_H

#include "arch/x86_64/memmap.h"
#include "common/boot.h"

static_assert(BOOT_BASE + sizeof(struct boot) <= LOW_ALIAS_PDPT, "memmap.h");

static inline struct boot *global_boot(void)
{
	return paddr_ptr(BOOT_BASE);
}

#endif
