/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/aarch64/place/room.h - finds room for an arm64 Image, by its header
 *
 * Nothing here reads or writes RAM of the guest: the host tool runs the same
 * functions to tell how much RAM a payload takes. They claim RAM in the memory
 * map, say where the kernel will be, and panic when it cannot be there.
 *
 * The initrd is to lie as low as it can, from INITRD_OFFSET on, and the kernel
 * right behind it; so the initrd's place is looked for first, and kept free
 * between room_open_arm() and room_close_arm().
 */
#ifndef ARCH_AARCH64_PLACE_ROOM_H
#define ARCH_AARCH64_PLACE_ROOM_H

#include "common/payload/payload.h"
#include "common/place/guest.h"
#include "common/spec/linux_arm64.h"

/* Proves that an Image of `size` bytes is one that we can place. */
void image_check(const struct image_header *header, uint64_t size);

struct room_arm {
	struct machine_range initrd; /* its place; size 0: there is none */
	paddr_t wanted;              /* for the kernel, or higher */
	paddr_t lowest;              /* if there is no room up there */
};

void room_open_arm(struct room_arm *room, const struct payload *payload,
                   const struct machine *machine, struct memory *memory);

/* For an Image of `size` bytes that starts with `header`. */
void room_for_image(struct kernel *kernel, const struct room_arm *room,
                    const struct image_header *header, uint64_t size,
                    struct memory *memory);

/*
 * For an Image of `size` bytes that is compressed. It tells what room it needs
 * only when it has been unpacked at the start of the range that is returned;
 * until then as much more is held free as there is, up to some MiB.
 */
struct machine_range room_for_packed_image(const struct room_arm *room,
                                           uint64_t size,
                                           struct memory *memory);

/*
 * Gives back what of that range the kernel, now unpacked, does not need. It
 * has to be moved from there to kernel->entry if that is another address.
 */
void room_settle_image(struct kernel *kernel, const struct machine_range *range,
                       const struct image_header *header, uint64_t size,
                       struct memory *memory);

/* Says where initrd and command line may lie, now that the kernel has room. */
void room_close_arm(struct kernel *kernel, const struct room_arm *room,
                    const struct payload *payload, struct memory *memory);

#endif
