/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/place/room.h - finds room for what goes beside the kernel
 *
 * Like arch/X/place/room.h for the kernel, this module claims RAM in the memory
 * map and touches none of it. So the host tool runs it, too.
 */
#ifndef COMMON_PLACE_ROOM_H
#define COMMON_PLACE_ROOM_H

#include "common/memory/memory.h"
#include "common/place/guest.h"

/*
 * Claims room for an initrd of `size` > 0 bytes where the kernel wants it, else
 * in the lowest free RAM that the kernel allows.
 */
struct machine_range room_for_initrd(const struct kernel *kernel, uint64_t size,
                                     struct memory *memory);

/*
 * Finds room for a command line of `size` bytes, which may end in a NUL of its
 * own, and if possible for what the blob adds. The room is the kernel's own
 * area if the text fits there, else free RAM, which is claimed.
 */
struct machine_range room_for_cmdline(const struct kernel *kernel,
                                      uint64_t size, struct memory *memory);

#endif
