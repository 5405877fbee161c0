/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/aarch64/describe/dt_given.c - copies the bundle's tree for the kernel
 *
 * The kernel gets the tree as the user made it, except for what only this boot
 * knows: RAM, command line, initrd and seeds. Devicetree Specification 0.4.
 */
#include "arch/aarch64/describe/dt_build.h"
#include "arch/aarch64/describe/dt_parts.h"
#include "common/lib/console.h"
#include "common/lib/string.h"
#include "common/machine/dt.h"

/*
 * Devicetree Specification 0.4, section 2.2.4.1, allows 31 characters. libfdt
 * 1.6.1 wrongly finds room for a name that is longer than all that comes before
 * the strings. That part has at least 64 bytes.
 */
#define NAME_SIZE_MAX 64

#define DEPTH_ROOT    1
#define DEPTH_TOP     2 /* This is the depth of /chosen and /memory. */

struct copy {
	const struct machine *machine;
	const struct guest *guest;
	const void *given;
	void *fdt;
	uint32_t depth;
	uint32_t skipped; /* the depth of the node that is left out, or 0 */
	bool has_root;
	bool is_in_chosen;
	bool has_chosen;
	uint32_t address_cells; /* the root's #address-cells */
	uint32_t size_cells;
};

/* Tells whether dt_write_chosen() writes the property of that name. */
static bool is_ours(const char *name)
{
	static const char names[][DT_NAME_SIZE] = {
		"bootargs",           "kaslr-seed", "linux,initrd-end",
		"linux,initrd-start", "rng-seed",
	};

	return dt_find_name(names, ARRAY_COUNT(names), name) !=
	       ARRAY_COUNT(names);
}

/* Tells whether the name is "memory", with or without a unit address. */
static bool is_memory(const char *name)
{
	for (const char *c = "memory"; *c; c++) {
		if (*name++ != *c)
			return false;
	}
	return !*name || *name == '@';
}

static fdt32_t *put_cells(fdt32_t *cell, uint32_t count, uint64_t value)
{
	if (count < 1 || count > 2 || (count == 1 && value >> 32))
		panic("dtb: RAM: %#lx in %u cells", value, count);
	return count == 2 ? dt_put_u64(cell, value)
	                  : dt_put_u32(cell, (uint32_t)value);
}

static void add_ram(const struct copy *copy, paddr_t base, paddr_t end,
                    uint32_t node)
{
	uint32_t cells = (uint32_t)(min_u64(copy->address_cells, 2) +
	                            min_u64(copy->size_cells, 2));
	fdt32_t *cell;

	dt_write_begin_at(copy->fdt, "memory", base);
	dt_write_string(copy->fdt, "device_type", "memory");
	cell = dt_write_cells(copy->fdt, "reg", cells);
	cell = put_cells(cell, copy->address_cells, base);
	put_cells(cell, copy->size_cells, end - base);
	if (copy->machine->node_count)
		dt_write_u32(copy->fdt, "numa-node-id", node);
	dt_write_end(copy->fdt);
}

/*
 * Finds the first range in [base, end) that the kernel must not map. If there
 * is none, returns the empty range at `end`.
 */
static struct machine_range find_hole(const struct machine *machine,
                                      paddr_t base, paddr_t end)
{
	struct machine_range hole = { end, 0 };

	for (uint32_t i = 0; i < machine->reserved_count; i++) {
		const struct machine_range range = machine->reserved[i].range;

		if (machine->reserved[i].is_no_map && range.base < hole.base &&
		    range.base + range.size > base)
			hole = range;
	}
	return hole;
}

/*
 * Leaves out RAM that the kernel must not map. The given tree may have a no-map
 * node for the same RAM, and a reservation of ours would conflict with it.
 */
static void add_memory(const struct copy *copy)
{
	const struct machine *machine = copy->machine;

	for (uint32_t i = 0; i < machine->ram_count; i++) {
		const struct machine_ram *ram = &machine->ram[i];
		paddr_t base = ram->base, end = base + ram->size;

		while (base < end) {
			const struct machine_range hole =
				find_hole(machine, base, end);

			if (base < hole.base)
				add_ram(copy, base, hole.base, ram->node);
			base = hole.base + hole.size;
		}
	}
}

/* Adds, at the root's end, the memory nodes and a missing /chosen. */
static void finish_root(const struct copy *copy)
{
	if (!copy->has_chosen) {
		dt_write_begin(copy->fdt, "chosen");
		dt_write_chosen(copy->fdt, copy->machine, copy->guest);
		dt_write_end(copy->fdt);
	}
	add_memory(copy);
}

/* Devicetree Specification 0.4, sections 2.2.1 and 5.4.2. */
static void copy_begin(struct copy *copy, const char *name)
{
	if (!*name != !copy->depth)
		panic("dtb: nodes: only the root has no name");
	if (!copy->depth && copy->has_root)
		panic("dtb: nodes: more than one root");
	copy->has_root = true;
	copy->depth++;
	if (!copy->skipped && copy->depth == DEPTH_TOP) {
		copy->is_in_chosen = !strcmp(name, "chosen");
		if (is_memory(name))
			copy->skipped = copy->depth;
	}
	if (copy->skipped)
		return;
	dt_write_begin(copy->fdt, name);
	if (copy->depth == DEPTH_TOP && copy->is_in_chosen) {
		dt_write_chosen(copy->fdt, copy->machine, copy->guest);
		copy->has_chosen = true;
	}
}

static void copy_property(struct copy *copy,
                          const struct fdt_property *property)
{
	uint32_t offset = fdt32_ld(&property->nameoff);
	uint32_t size = fdt32_ld(&property->len);
	const char *name;

	if (offset >= fdt_size_dt_strings(copy->given))
		panic("dtb: name at %#x: there are %#x", offset,
		      fdt_size_dt_strings(copy->given));
	name = (const char *)copy->given + fdt_off_dt_strings(copy->given) +
	       offset;
	if (strnlen(name, NAME_SIZE_MAX) == NAME_SIZE_MAX)
		panic("dtb: name at %#x: at most %u characters", offset,
		      NAME_SIZE_MAX - 1);
	if (copy->depth == DEPTH_ROOT && size == sizeof(fdt32_t)) {
		uint32_t cell = fdt32_ld((const fdt32_t *)property->data);

		if (!strcmp(name, "#address-cells"))
			copy->address_cells = cell;
		if (!strcmp(name, "#size-cells"))
			copy->size_cells = cell;
	}
	if (copy->skipped ||
	    (copy->depth == DEPTH_TOP && copy->is_in_chosen && is_ours(name)))
		return;
	dt_write_bytes(copy->fdt, name, property->data, size);
}

static void copy_end(struct copy *copy)
{
	if (!copy->depth)
		panic("dtb: nodes: more ends than begins");
	if (copy->depth == DEPTH_ROOT)
		finish_root(copy);
	if (!copy->skipped)
		dt_write_end(copy->fdt);
	if (copy->depth == copy->skipped)
		copy->skipped = 0;
	copy->depth--;
}

static void copy_nodes(struct copy *copy)
{
	const void *given = copy->given;
	int offset = 0, next;
	uint32_t tag;

	for (;
	     (tag = dt_next_tag(given, offset, &next)) != FDT_END && next >= 0;
	     offset = next) {
		if (tag == FDT_BEGIN_NODE)
			copy_begin(
				copy,
				fdt_offset_ptr(given, offset + FDT_TAGSIZE, 1));
		else if (tag == FDT_PROP && copy->depth)
			copy_property(copy, fdt_offset_ptr(given, offset, 1));
		else if (tag == FDT_END_NODE)
			copy_end(copy);
		else if (tag != FDT_NOP)
			panic("dtb: nodes: tag %#x", tag);
	}
	if (next < 0) /* libfdt found no whole tag */
		panic("dtb: nodes: end before their end, at %#x", offset);
	if (copy->depth)
		panic("dtb: nodes: %u without an end", copy->depth);
	if (!copy->has_root)
		panic("dtb: nodes: none");
}

/*
 * Writes the given tree's reservations, then the VMM's, except for no-map
 * ranges: add_memory() leaves those out of RAM.
 */
static void copy_reservations(const struct copy *copy)
{
	const struct machine *machine = copy->machine;
	struct machine_range range;

	for (uint32_t i = 0; dt_get_reservation("dtb", copy->given, i, &range);
	     i++)
		dt_write_reservation(copy->fdt, &range);
	for (uint32_t i = 0; i < machine->reserved_count; i++) {
		if (!machine->reserved[i].is_no_map)
			dt_write_reservation(copy->fdt,
			                     &machine->reserved[i].range);
	}
}

void dt_build_given(const struct machine *machine, const struct guest *guest,
                    const void *given, uint64_t given_size, void *fdt,
                    uint32_t size)
{
	struct copy copy = {
		.machine = machine,
		.guest = guest,
		.given = given,
		.fdt = fdt,
		.address_cells = 2,
		.size_cells = 1,
	};

	dt_check("dtb", given, given_size);
	dt_write_start(fdt, size);
	copy_reservations(&copy);
	dt_write_nodes(fdt);
	copy_nodes(&copy);
	dt_write_finish(fdt);
}
