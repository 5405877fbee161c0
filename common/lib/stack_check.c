/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/lib/stack_check.c - what code compiled with a stack protector calls
 *
 * The blob is compiled without a stack protector, but Debian's libraries are
 * not. The names are the compiler's. On x86_64 the guard is not this variable;
 * it is at FS:0x28.
 */
#include "common/lib/console.h"

/*
 * The guard is constant, since the blob has no variables. So it catches errors,
 * but no attacks.
 */
extern const uintptr_t __stack_chk_guard;
const uintptr_t __stack_chk_guard = 0x6469726563740a00;

NORETURN void __stack_chk_fail(void);

void __stack_chk_fail(void)
{
	panic("bug: a library has written beyond its stack frame");
}
