/* SPDX-License-Identifier: BSD-2-Clause */
/* common/place/initrd.c - the initrd at its final address, see place.h */
#include "common/lib/string.h"
#include "common/place/place.h"
#include "common/place/room.h"

static void load(const struct payload *payload, const struct source *part,
                 paddr_t dest)
{
	if (part->size)
		source_load(&payload->reader, "initrd", part, 0, dest,
		            part->size);
}

struct machine_range place_initrd(const struct payload *payload,
                                  const struct machine *machine,
                                  const struct kernel *kernel,
                                  struct memory *memory)
{
	const struct source *microcode = &payload->microcode;
	uint64_t size = payload_initrd_size(payload);
	struct machine_range room;
	paddr_t second;

	if (!size) /* arch_claim() has claimed the VMM's initrd. */
		return payload->has_taken_initrd ? (struct machine_range){ 0 }
		                                 : machine->given.initrd;
	room = room_for_initrd(kernel, size, memory);
	second = room.base + size - payload->initrd.size;
	load(payload, microcode, room.base);
	memset(paddr_ptr(room.base + microcode->size), 0,
	       second - room.base - microcode->size);
	load(payload, &payload->initrd, second);
	return room;
}
