/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/aarch64/lib/global.h - struct boot, for console.c and stop.c alone
 *
 * A panic can happen anywhere and has nothing in its hands. So these two find
 * struct boot by a register of the CPU that is there for the likes of it; all
 * other code gets from its caller what it needs.
 */
#ifndef ARCH_AARCH64_LIB_GLOBAL_H
#define ARCH_AARCH64_LIB_GLOBAL_H

#include "arch/aarch64/cpu.h"
#include "common/boot.h"

/* NULL until the door has set it. */
static inline struct boot *global_boot(void)
{
	return cpu_thread_pointer();
}

#endif
