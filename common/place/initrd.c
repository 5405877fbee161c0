/* SPDX-License-Identifier: BSD-2-Clause */
/* common/place/initrd.c - the initrd at its final address, see place.h */
#include "common/place/place.h"
#include "common/place/room.h"

struct machine_range place_initrd(const struct payload *payload,
                                  const struct machine *machine,
                                  const struct kernel *kernel,
                                  struct memory *memory)
{
	const struct source *source = &payload->initrd;
	struct machine_range room;

	if (!source->size) /* arch_claim() has claimed the VMM's initrd. */
		return payload->has_taken_initrd ? (struct machine_range){ 0 }
		                                 : machine->given.initrd;
	room = room_for_initrd(kernel, source->size, memory);
	source_load(&payload->reader, "initrd", source, 0, room.base,
	            room.size);
	return room;
}
