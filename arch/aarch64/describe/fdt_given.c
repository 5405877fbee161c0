/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/aarch64/describe/fdt_given.c - the tree that a bundle has for the kernel
 *
 * Who brings one knows why: the kernel gets all of it, but for what only this
 * boot can tell, which is RAM, command line, initrd and seeds.
 */
#include "arch/aarch64/describe/fdt_out.h"

#include "common/lib/console.h"
#include "common/machine/fdt_format.h"
#include "common/lib/string.h"

#define DEPTH_ROOT 1
#define DEPTH_TOP  2 /* of /chosen and /memory */

struct copy {
	const struct boot *boot;
	const uint8_t *cursor;
	uint32_t depth;
	uint32_t skipped; /* depth of the node that is left out; 0: none is */
	bool is_in_chosen;
	bool has_chosen;
	uint32_t address_cells; /* of the root */
	uint32_t size_cells;
	struct fdt_out out;
	struct fdt given;
};

static void require_bytes(const struct copy *copy, uint64_t size)
{
	if (size > (uint64_t)(copy->given.end - copy->cursor))
		panic("dtb: nodes: end before their end");
}

static uint32_t cell_at(const struct copy *copy, uint32_t index)
{
	const struct fdt_cell *cell = (const struct fdt_cell *)copy->cursor;

	require_bytes(copy, (uint64_t)(index + 1) * FDT_CELL_SIZE);
	return __builtin_bswap32(cell[index].value);
}

static enum fdt_property property_at(const struct copy *copy)
{
	const struct fdt *given = &copy->given;
	uint32_t offset = cell_at(copy, 2);

	if (offset >= given->strings_size)
		panic("dtb: name at %#x: there are %#x", offset,
		      given->strings_size);
	return fdt_find_name(given->strings + offset,
	                     given->strings_size - offset);
}

/* Does /chosen get it from us? */
static bool is_ours(enum fdt_property property)
{
	return property == FDT_BOOTARGS || property == FDT_INITRD_START ||
	       property == FDT_INITRD_END || property == FDT_KASLR_SEED ||
	       property == FDT_RNG_SEED;
}

static void put_cells(struct fdt_cell **cell, uint32_t count, uint64_t value)
{
	if (count < 1 || count > 2 || (count == 1 && value >> 32))
		panic("dtb: RAM: %#lx in %u cells", value, count);
	*cell = count == 2 ? fdt_put_u64(*cell, value)
	                   : fdt_put_u32(*cell, (uint32_t)value);
}

static void add_ram(struct copy *copy, paddr_t base, paddr_t end, uint32_t node)
{
	struct fdt_out *out = &copy->out;
	struct fdt_cell *cell;

	fdt_out_begin_at(out, "memory", base);
	fdt_out_string(out, FDT_DEVICE_TYPE, "memory");
	cell = fdt_out_cells(out, FDT_REG,
	                     min_u64(copy->address_cells, 2) +
	                             min_u64(copy->size_cells, 2));
	put_cells(&cell, copy->address_cells, base);
	put_cells(&cell, copy->size_cells, end - base);
	if (copy->boot->machine.node_count)
		fdt_out_u32(out, FDT_NUMA_NODE_ID, node);
	fdt_out_end(out);
}

/* The first range in [base, end) not to be mapped; else one behind them. */
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
 * Without what the kernel must not map: the tree may say that of it, too, and a
 * reservation of ours would be in the way.
 */
static void add_memory(struct copy *copy)
{
	const struct machine *machine = &copy->boot->machine;

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

/* At the end of the root: what the tree had not, or has from us. */
static void finish_root(struct copy *copy)
{
	if (!copy->has_chosen) {
		fdt_out_begin(&copy->out, "chosen");
		fdt_out_chosen(&copy->out, copy->boot);
		fdt_out_end(&copy->out);
	}
	add_memory(copy);
}

static void copy_begin(struct copy *copy)
{
	const char *name = (const char *)copy->cursor + FDT_CELL_SIZE;
	uint64_t size = FDT_CELL_SIZE;

	do
		require_bytes(copy, ++size);
	while (copy->cursor[size - 1]);
	size = align_up(size, FDT_CELL_SIZE);
	/* Two ends follow in any case: names may be compared with longer ones.
	 */
	require_bytes(copy, size + 2 * FDT_CELL_SIZE);
	copy->depth++;

	if (!copy->skipped && copy->depth == DEPTH_TOP) {
		copy->is_in_chosen = !strcmp(name, "chosen");
		if (!memcmp(name, "memory", 6) && (!name[6] || name[6] == '@'))
			copy->skipped = copy->depth;
	}
	if (!copy->skipped)
		fdt_out_raw(&copy->out, copy->cursor, size);
	if (copy->depth == DEPTH_TOP && copy->is_in_chosen) {
		fdt_out_chosen(&copy->out, copy->boot);
		copy->has_chosen = true;
	}
	copy->cursor += size;
}

static void copy_property(struct copy *copy)
{
	enum fdt_property property = property_at(copy);
	uint64_t size = FDT_PROPERTY_HEADER_SIZE +
	                align_up((uint64_t)cell_at(copy, 1), FDT_CELL_SIZE);
	bool is_left_out = copy->skipped ||
	                   (copy->is_in_chosen && copy->depth == DEPTH_TOP &&
	                    is_ours(property));

	require_bytes(copy, size);
	if (copy->depth == DEPTH_ROOT && property == FDT_ADDRESS_CELLS)
		copy->address_cells = cell_at(copy, 3);
	if (copy->depth == DEPTH_ROOT && property == FDT_SIZE_CELLS)
		copy->size_cells = cell_at(copy, 3);
	if (!is_left_out)
		fdt_out_raw(&copy->out, copy->cursor, size);
	copy->cursor += size;
}

static void copy_end(struct copy *copy)
{
	if (!copy->depth)
		panic("dtb: nodes: more ends than begins");
	if (copy->depth == DEPTH_ROOT)
		finish_root(copy);
	if (!copy->skipped)
		fdt_out_end(&copy->out);
	if (copy->depth == copy->skipped)
		copy->skipped = 0;
	if (copy->depth == DEPTH_TOP)
		copy->is_in_chosen = false;
	copy->depth--;
	copy->cursor += FDT_CELL_SIZE;
}

static void copy_nodes(struct copy *copy)
{
	uint32_t tag;

	while ((tag = cell_at(copy, 0)) != FDT_TAG_END) {
		if (tag == FDT_TAG_BEGIN_NODE)
			copy_begin(copy);
		else if (tag == FDT_TAG_PROPERTY && copy->depth)
			copy_property(copy);
		else if (tag == FDT_TAG_END_NODE)
			copy_end(copy);
		else if (tag == FDT_TAG_NOP)
			copy->cursor += FDT_CELL_SIZE;
		else
			panic("dtb: nodes: tag %#x", tag);
	}
	if (copy->depth)
		panic("dtb: nodes: %u without an end", copy->depth);
}

/* What the tree reserves, and of RAM that it has what the VMM does. */
static void copy_reservations(struct copy *copy)
{
	const struct machine *machine = &copy->boot->machine;
	const struct fdt_value pairs = {
		.data = copy->given.reservations,
		.size = (uint32_t)(copy->given.reservations_end -
		                   copy->given.reservations),
	};
	uint32_t size = 0;

	do {
		if (size + FDT_RESERVATION_SIZE > pairs.size)
			panic("dtb: reservations: have no end");
		size += FDT_RESERVATION_SIZE;
	} while (fdt_cells(&pairs, size / FDT_CELL_SIZE - 2, 2));
	fdt_out_raw(&copy->out, pairs.data, size - FDT_RESERVATION_SIZE);
	for (uint32_t i = 0; i < machine->reserved_count; i++) {
		if (!machine->reserved[i].is_no_map)
			fdt_out_reserve(&copy->out,
			                &machine->reserved[i].range);
	}
}

uint32_t fdt_build_given(const struct boot *boot, const void *given,
                         uint64_t given_size, void *buffer, uint32_t size)
{
	static const struct machine_range none;
	struct copy copy;

	memset(&copy, 0, offsetof(struct copy, given));
	copy.boot = boot;
	copy.address_cells = 2;
	copy.size_cells = 1;
	fdt_open(&copy.given, given, given_size);
	copy.cursor = copy.given.cursor;

	fdt_out_start(&copy.out, buffer, size, copy.given.strings_size);
	copy_reservations(&copy);
	fdt_out_reserve(&copy.out, &none);
	copy.out.nodes = copy.out.next;
	copy_nodes(&copy);
	return fdt_out_finish(&copy.out, copy.given.strings);
}
