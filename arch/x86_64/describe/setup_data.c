/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/x86_64/describe/setup_data.c - a device tree, see setup_data.h */
#include "arch/x86_64/describe/setup_data.h"

#include <libfdt.h>

#include "arch/x86_64/memmap.h"
#include "common/arch.h"
#include "common/lib/console.h"
#include "common/machine/dt.h"
#include "common/spec/linux_x86.h"

#define RECORD_ALIGN 16

/*
 * Tells whether all tags of the tree are whole, and nest. The kernel does not
 * check that.
 */
static bool is_whole_tree(const void *tree, uint64_t size)
{
	int next = 0, depth = 0;
	uint32_t tag;

	if (size < sizeof(struct fdt_header) || fdt_check_header(tree) ||
	    fdt_totalsize(tree) > size)
		return false;
	do {
		tag = dt_next_tag(tree, next, &next);
		depth += (tag == FDT_BEGIN_NODE) - (tag == FDT_END_NODE);
	} while (tag != FDT_END && next >= 0 && depth >= 0);
	return next >= 0 && depth == 0;
}

paddr_t setup_data_add_tree(const struct payload *payload,
                            struct memory *memory, paddr_t next)
{
	const struct source *source = &payload->dtb;
	struct setup_data *record;
	uint64_t size = sizeof(*record) + source->size;
	paddr_t base;

	if (source->kind == SOURCE_NONE)
		return next;
	if (source->size > UINT32_MAX - sizeof(*record))
		panic("dtb: %#lx bytes: at most %#x", source->size, UINT32_MAX);
	base = memory_alloc(memory, size, RECORD_ALIGN, HIGH_RAM_BASE, FOUR_GIB,
	                    MEMORY_RAM);
	if (!base)
		panic("dtb: %#lx bytes: no free RAM of that size", size);
	source_load(&payload->reader, "dtb", source, 0, base + sizeof(*record),
	            source->size);
	record = paddr_ptr(base); /* mapped by source_load() */
	if (!is_whole_tree(record + 1, source->size))
		panic("dtb: %#lx bytes: are no whole device tree",
		      source->size);
	*record = (struct setup_data){
		.next = next,
		.type = SETUP_DTB,
		.len = (uint32_t)source->size,
	};
	return base;
}
