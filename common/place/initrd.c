/* SPDX-License-Identifier: BSD-2-Clause */
/* common/place/initrd.c - the initrd at its final address, see place.h */
#include "common/lib/console.h"
#include "common/place/place.h"
#include "common/place/room.h"

/* Returns the VMM's own initrd, unless the payload came from it. */
static struct machine_range given_initrd(const struct payload *payload,
                                         const struct machine *machine,
                                         const struct memory *memory)
{
	const struct machine_range *given = &machine->given.initrd;

	if (payload->has_taken_initrd || !given->size)
		return (struct machine_range){ 0 };
	if (!memory_is_ram(memory, given->base, given->size))
		panic("initrd: %#lx bytes at %#lx: not in RAM", given->size,
		      given->base);
	return *given;
}

struct machine_range place_initrd(const struct payload *payload,
                                  const struct machine *machine,
                                  const struct kernel *kernel,
                                  struct memory *memory)
{
	const struct source *source = &payload->initrd;
	struct machine_range room;

	if (!source->size)
		return given_initrd(payload, machine, memory);
	room = room_for_initrd(kernel, source->size, memory);
	source_load(&payload->reader, "initrd", source, 0, room.base,
	            room.size);
	return room;
}
