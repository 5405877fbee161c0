/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/probe/given.c - what a VMM tells the blob as its kernel
 *
 * A VMM tells it by PVH (Xen docs/misc/pvh.pandoc) or by Linux's protocol
 * (Linux Documentation/arch/x86/boot.rst). All of it lies in RAM that the blob
 * is about to use, so it is copied before anything else. None of it is
 * believed.
 */
#include "arch/x86_64/probe/given.h"

#include "arch/x86_64/lib/paging.h"
#include "arch/x86_64/memmap.h"
#include "arch/x86_64/probe/ram.h"
#include "common/lib/console.h"
#include "common/lib/string.h"
#include "common/spec/linux_x86.h"
#include "common/spec/pvh.h"

/*
 * Returns a pointer to what the VMM gave, which must be mapped already: more
 * page tables might lie on the VMM's data. What lies where the blob has begun
 * to work is lost already.
 */
static void *reach(const char *name, paddr_t base, uint64_t size)
{
	if (!base || !is_within(base, size, DOOR_MAP_END))
		panic_range(name, size, base, "must be in the first GiB");
	if (base < LOW_RAM_CLAIM_END && base + size > BOOT_BASE)
		panic_range(name, size, base, "must not be in %#x to %#x",
		            BOOT_BASE, LOW_RAM_CLAIM_END);
	return paging_given(base, size);
}

static void copy_cmdline(struct machine_given *given, paddr_t paddr)
{
	const char *source;
	char *copy = paddr_ptr(DOOR_CMDLINE_BASE);
	uint32_t max;

	if (!paddr)
		return;
	source = reach("cmdline", paddr, 1);
	max = min_u64((paddr < BOOT_BASE ? BOOT_BASE : DOOR_MAP_END) - paddr,
	              DOOR_CMDLINE_SIZE);
	for (uint32_t i = 0; i < max; i++) {
		copy[i] = source[i];
		if (copy[i])
			continue;
		if (i)
			given->cmdline = copy;
		return;
	}
	panic("cmdline: at %#lx: does not end within %#x bytes", paddr, max);
}

/*
 * Adds a module, of which there are at most MACHINE_BUNDLE_MAX. A kernel would
 * take the first one for its initrd. Nobody reads it before arch_claim() has
 * proven that it lies in RAM.
 */
static void add_module(struct machine_given *given, paddr_t base, uint64_t size)
{
	const struct machine_range module = { base, size };

	if (!size)
		return;
	if (!given->bundle_count)
		given->initrd = module;
	given->bundles[given->bundle_count++] = module;
}

/* Empty entries count, too, since a list of them would not end for long. */
static void check_count(uint32_t count)
{
	if (count > MACHINE_RAM_MAX)
		panic("e820: more than %u ranges", MACHINE_RAM_MAX);
}

static void read_pvh(struct machine *machine, paddr_t paddr)
{
	const struct pvh_start_info *info =
		reach("start info", paddr, sizeof(*info));
	const struct pvh_memmap_entry *entry;
	const struct pvh_module *module;

	if (info->magic != PVH_MAGIC)
		panic("start info: at %#lx: magic %#x, must be %#x", paddr,
		      info->magic, PVH_MAGIC);
	if (info->version && info->memmap_count) {
		entry = reach("memory map", info->memmap_paddr,
		              info->memmap_count * sizeof(*entry));
		check_count(info->memmap_count);
		for (uint32_t i = 0; i < info->memmap_count; i++)
			ram_add(machine, entry[i].base, entry[i].size,
			        entry[i].type);
	}
	if (info->module_count) {
		module = reach("modules", info->modules_paddr,
		               info->module_count * sizeof(*module));
		for (uint32_t i = 0;
		     i < info->module_count && i < MACHINE_BUNDLE_MAX; i++)
			add_module(&machine->given, module[i].paddr,
			           module[i].size);
	}
	machine->given.rsdp_paddr = info->rsdp_paddr;
	copy_cmdline(&machine->given, info->cmdline_paddr);
}

static uint64_t join(uint32_t high, uint32_t low)
{
	return (uint64_t)high << 32 | low;
}

static void add_e820(struct machine *machine, const struct e820_entry *entry,
                     uint32_t count)
{
	check_count(count);
	for (; count; count--, entry++)
		ram_add(machine, entry->base, entry->size, entry->type);
}

/*
 * Moves the seed for the kernel, which wipes it, to a place that nothing else
 * uses. It wipes what it moves, which must not be the blob.
 */
static void keep_seed(struct machine_pc *pc, struct setup_data *data,
                      paddr_t blob)
{
	/* Where both may overlap, memmove() needs addresses that compare. */
	struct setup_data *copy = paging_given(SEED_BASE, SEED_SIZE);
	uint32_t size = min_u64(data->len, SEED_SIZE - sizeof(*copy));
	paddr_t paddr = paging_paddr(data);

	if (paddr + SEED_SIZE > blob && paddr < blob + BLOB_SIZE)
		panic("setup_data: seed at %#lx: in the blob", paddr);
	memmove(copy + 1, data + 1, size);
	/* It might lie there already. */
	if (paddr - (SEED_BASE - SEED_SIZE) >= 2 * SEED_SIZE)
		wipe(data + 1, size);
	*copy = (struct setup_data){ .type = SETUP_RNG_SEED, .len = size };
	pc->setup_data_paddr = SEED_BASE;
}

#define SETUP_DATA_MAX 64

/*
 * boot.rst, "setup_data": reads a list of records, two types of which the
 * kernel still needs.
 */
static void read_setup_data(struct machine *machine, paddr_t paddr,
                            paddr_t blob)
{
	struct setup_data *data, *seed = NULL;

	for (uint32_t i = 0; paddr; i++, paddr = data->next) {
		if (i == SETUP_DATA_MAX)
			panic("setup_data: more than %u records",
			      SETUP_DATA_MAX);
		data = reach("setup_data", paddr, sizeof(*data));
		reach("setup_data", paddr, sizeof(*data) + (uint64_t)data->len);
		if (data->type == SETUP_E820_EXT)
			add_e820(machine, (const void *)(data + 1),
			         data->len / sizeof(struct e820_entry));
		if (data->type == SETUP_RNG_SEED)
			seed = data;
	}
	if (seed) /* last: this may overwrite other records */
		keep_seed(&machine->pc, seed, blob);
}

static void read_boot_params(struct machine *machine, paddr_t paddr,
                             paddr_t blob)
{
	const struct boot_params *params =
		reach("boot_params", paddr, sizeof(*params));
	const struct setup_header *header = &params->hdr;

	if (header->header != SETUP_HEADER_MAGIC)
		panic("boot_params: at %#lx: header %#x, must be %#x", paddr,
		      header->header, SETUP_HEADER_MAGIC);
	add_e820(machine, params->e820_table,
	         min_u64(params->e820_entries, E820_TABLE_MAX));
	add_module(&machine->given,
	           join(params->ext_ramdisk_image, header->ramdisk_image),
	           join(params->ext_ramdisk_size, header->ramdisk_size));
	machine->given.rsdp_paddr = params->acpi_rsdp_addr;
	copy_cmdline(&machine->given,
	             join(params->ext_cmd_line_ptr, header->cmd_line_ptr));
	/* This comes last, since it writes where the VMM's data might be. */
	read_setup_data(machine, header->setup_data, blob);
}

void given_read(struct machine *machine, const struct handoff *handoff)
{
	if (handoff->door == DOOR_PVH)
		read_pvh(machine, handoff->given_paddr);
	else if (handoff->door == DOOR_LINUX)
		read_boot_params(machine, handoff->given_paddr,
		                 handoff->blob_paddr);
}
