/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/igvm/given.c - what the host wrote into the areas, see given.h
 *
 * Microsoft's IGVM specification, "Parameters".
 */
#include "common/igvm/given.h"

#include "common/igvm/params.h"
#include "common/image.h"
#include "common/lib/console.h"

#define PAGES_END (MACHINE_ADDRESS_END / IGVM_PAGE_SIZE)

/* The paravisor's own memory is RAM, too. */
static enum memory_type type_of(const struct igvm_memory_entry *entry)
{
	return entry->type == IGVM_MEMORY_RAM ||
	                       entry->type == IGVM_MEMORY_VTL2_PROTECTABLE
	               ? MEMORY_RAM
	               : MEMORY_RESERVED;
}

static void add_range(struct machine *machine,
                      const struct igvm_memory_entry *entry)
{
	if (machine->ram_count == MACHINE_RAM_MAX)
		panic("memory map: more than %u ranges", MACHINE_RAM_MAX);
	machine->ram[machine->ram_count++] = (struct machine_ram){
		.base = entry->first_page * IGVM_PAGE_SIZE,
		.size = entry->page_count * IGVM_PAGE_SIZE,
		.type = type_of(entry),
		.igvm_type = entry->type,
	};
}

bool igvm_read_memory_map(struct machine *machine,
                          const struct handoff *handoff)
{
	const struct machine_range area =
		igvm_area(handoff, IGVM_PARAMETER_MEMORY_MAP);
	const struct igvm_memory_entry *entry = paddr_ptr(area.base);
	uint64_t last_end = 0; /* in pages */

	if (!area.size)
		return false;
	for (uint32_t left = (uint32_t)(area.size / sizeof(*entry));
	     left && entry->page_count; left--, entry++) {
		if (!is_within(entry->first_page, entry->page_count, PAGES_END))
			panic("memory map: %#lx pages at page %#lx: beyond "
			      "%#lx",
			      entry->page_count, entry->first_page, PAGES_END);
		if (entry->first_page < last_end)
			panic("memory map: range at page %#lx: the one before "
			      "ends at %#lx",
			      entry->first_page, last_end);
		last_end = entry->first_page + entry->page_count;
		add_range(machine, entry);
	}
	if (!machine->ram_count)
		panic("memory map: the host wrote none");
	return true;
}

uint32_t igvm_read_cpu_count(const struct handoff *handoff)
{
	const struct machine_range area =
		igvm_area(handoff, IGVM_PARAMETER_VP_COUNT);
	uint32_t count = 0;

	if (area.size)
		count = *(const uint32_t *)paddr_ptr(area.base);
	if (count > MACHINE_CPU_MAX)
		panic("CPUs: %u, at most %u", count, MACHINE_CPU_MAX);
	return count;
}

const char *igvm_read_cmdline(const struct handoff *handoff)
{
	const struct machine_range area =
		igvm_area(handoff, IGVM_PARAMETER_COMMAND_LINE);
	const char *text = paddr_ptr(area.base);

	for (uint32_t i = 0; i < area.size; i++) {
		if (!text[i])
			return i ? text : NULL;
	}
	if (area.size)
		panic("cmdline: the host's does not end within %#lx bytes",
		      area.size);
	return NULL;
}

struct machine_range igvm_tree(const struct handoff *handoff)
{
	struct machine_range tree =
		igvm_area(handoff, IGVM_PARAMETER_DEVICE_TREE);
	const uint64_t *head = paddr_ptr(tree.base);

	if (tree.size && !*head)
		tree.size = 0;
	return tree;
}
