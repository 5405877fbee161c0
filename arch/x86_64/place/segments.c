/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/place/segments.c - a kernel that `directboot pack` took apart
 *
 * Its pieces lie where they are linked, or all of them at a random distance
 * from there (kaslr.c). No piece is empty, since a bundle with an empty one is
 * refused.
 */
#include "arch/x86_64/place/kinds.h"
#include "arch/x86_64/place/pieces.h"
#include "common/lib/console.h"

/*
 * Places to relocate may lie between the segments, so these gaps must be free,
 * too.
 */
static void check_room(const struct kaslr *kaslr, const struct memory *memory)
{
	if (kaslr->relocs &&
	    (kaslr->size < sizeof(uint64_t) ||
	     !memory_is_free(memory, kaslr->base, kaslr->size)))
		panic_range("kernel", kaslr->size, kaslr->base,
		            "not in free RAM");
}

void segments_claim(struct kernel *kernel, struct kaslr *kaslr,
                    const struct payload *payload, struct memory *memory)
{
	kaslr_choose(kaslr, payload, memory);
	check_room(kaslr, memory);
	for (uint32_t i = 0; i < payload->segment_count; i++) {
		const struct payload_segment *segment = &payload->segments[i];

		pieces_claim(kernel, memory,
		             segment->paddr + kaslr->paddr_shift,
		             segment->memory_size);
	}
	pieces_finish(kernel, payload->segments_entry + kaslr->paddr_shift);
}
