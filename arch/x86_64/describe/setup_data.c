/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/x86_64/describe/setup_data.c - a device tree, see setup_data.h */
#include "arch/x86_64/describe/setup_data.h"

#include "arch/x86_64/memmap.h"
#include "common/arch.h"
#include "common/lib/console.h"
#include "common/machine/dt.h"
#include "common/spec/linux_x86.h"

#define RECORD_ALIGN 16

paddr_t setup_data_add_tree(const struct payload *payload,
                            struct memory *memory, paddr_t next)
{
	const struct source *source = &payload->dtb;
	struct setup_data *record;
	/* This wraps around only where the check below ends the boot. */
	uint32_t size = (uint32_t)(sizeof(*record) + source->size);

	if (source->kind == SOURCE_NONE)
		return next;
	if (source->size > UINT32_MAX - sizeof(*record))
		panic("dtb: %#lx bytes: at most %#x", source->size, UINT32_MAX);
	record = paddr_ptr(memory_alloc(memory, size, RECORD_ALIGN,
	                                HIGH_RAM_BASE, FOUR_GIB, MEMORY_RAM));
	if (!record)
		panic("dtb: %#x bytes: no free RAM of that size", size);
	source_load(&payload->reader, "dtb", source, 0, paddr_of(record + 1),
	            source->size); /* which maps it */
	if (!dt_is_whole(record + 1, source->size))
		panic("dtb: %#lx bytes: are no whole device tree",
		      source->size);
	*record = (struct setup_data){
		.next = next,
		.type = SETUP_DTB,
		.len = (uint32_t)source->size,
	};
	return paddr_of(record);
}
