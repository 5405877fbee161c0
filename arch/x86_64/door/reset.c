/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/x86_64/door/reset.c - the door of the reset vector, see reset.S */
#include "arch/x86_64/door/door.h"

/* reset.S calls this in long mode, with a stack and the first page tables. */
NORETURN void reset_main(struct boot *boot, paddr_t blob_paddr, uint64_t ticks);

void reset_main(struct boot *boot, paddr_t blob_paddr, uint64_t ticks)
{
	door_begin(boot, DOOR_RESET, blob_paddr, ticks, BLOB_MAP_LOW_END);
	boot_main(boot);
}
