/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/aarch64/place/room.h - finds room for an arm64 Image, by its header
 *
 * Linux Documentation/arm64/booting.rst. Nothing here reads or writes RAM of
 * the guest, so the host tool can run the same functions to find out how much
 * RAM a payload takes. The functions claim RAM in the memory map, say where the
 * kernel will be, and panic if there is no room. All sizes are in bytes.
 *
 * The initrd should be as low as possible, from INITRD_OFFSET on, and the
 * kernel right behind it. So room_open_arm() finds the initrd's place first and
 * keeps it free until room_close_arm().
 */
#ifndef ARCH_AARCH64_PLACE_ROOM_H
#define ARCH_AARCH64_PLACE_ROOM_H

#include "common/payload/payload.h"
#include "common/place/guest.h"
#include "common/spec/linux_arm64.h"

/* Panics unless an Image of `size` bytes is one that we can place. */
void image_check(const struct image_header *header, uint64_t size);

struct room_arm {
	struct machine_range initrd; /* its place; size 0 if there is none */
	paddr_t wanted;              /* for the kernel, which may be higher */
	paddr_t lowest;              /* for the kernel, else */
};

/* Starts the search: finds the initrd's place. */
void room_open_arm(struct room_arm *room, const struct payload *payload,
                   const struct machine *machine, struct memory *memory);

/* Finds room for an Image of `size` bytes that starts with `header`. */
void room_for_image(struct kernel *kernel, const struct room_arm *room,
                    const struct image_header *header, uint64_t size,
                    struct memory *memory);

/*
 * Finds room for an Image of `size` unpacked bytes that is compressed. The
 * caller unpacks it at the start of the returned range. Only then does its
 * header tell how much room it needs, so the range is up to 64 MiB larger.
 */
struct machine_range room_for_packed_image(const struct room_arm *room,
                                           uint64_t size,
                                           struct memory *memory);

/*
 * Gives back the part of that range that the unpacked kernel does not need. The
 * caller then moves the kernel to kernel->entry.
 */
void room_settle_image(struct kernel *kernel, const struct machine_range *range,
                       const struct image_header *header, uint64_t size,
                       struct memory *memory);

/* Says where initrd and command line may lie, now that the kernel has room. */
void room_close_arm(struct kernel *kernel, const struct room_arm *room,
                    const struct payload *payload, struct memory *memory);

#endif
