/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/aarch64/lib/global.h - finds struct boot, for the end of a boot alone
 *
 * A panic or an exception can happen anywhere, in code that has no pointer to
 * struct boot. Therefore console.c, exception.c and stop.c find it in the
 * thread pointer register. All other code gets from its caller what it needs.
 */
#ifndef ARCH_AARCH64_LIB_GLOBAL_H
#define ARCH_AARCH64_LIB_GLOBAL_H

#include "arch/aarch64/cpu.h"
#include "common/boot.h"

/* Returns NULL until the door has set the pointer. */
static inline struct boot *global_boot(void)
{
	return cpu_thread_pointer();
}

#endif
