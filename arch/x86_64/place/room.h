/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/place/room.h - finds room for a kernel, by its headers
 *
 * The functions claim RAM in the memory map, say where the kernel will be, and
 * panic if it cannot be there. They neither read nor write the guest's RAM, so
 * the host tool runs them to tell how much RAM a payload takes.
 */
#ifndef ARCH_X86_64_PLACE_ROOM_H
#define ARCH_X86_64_PLACE_ROOM_H

#include "arch/x86_64/place/kinds.h"

/*
 * Claims what the blob uses below 640 KiB. From A0000 to 1 MiB all PCs are
 * alike, whatever the VMM says.
 */
void room_claim_low_x86(struct memory *memory);

/*
 * Finds room for the payload's kernel, says where initrd and command line may
 * lie, and returns the kernel's kind. *kaslr is set for segments only.
 */
enum kernel_kind room_for_kernel_x86(struct kernel *kernel, struct kaslr *kaslr,
                                     const struct payload *payload,
                                     struct memory *memory);

#endif
