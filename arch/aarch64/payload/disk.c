/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/aarch64/payload/disk.c - finds no disks: all are virtio's */
#include "common/arch.h"

bool arch_disk_next(struct disk *disk, uint32_t *index)
{
	(void)disk;
	(void)index;
	return false;
}

/* Linux is ready for an interrupt that the GIC has kept. */
void arch_drop_interrupts(void)
{
}
