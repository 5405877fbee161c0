/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/describe/zero_page.c - struct boot_params and its E820 table
 *
 * Linux Documentation/arch/x86/boot.rst and zero-page.rst. Nothing here touches
 * hardware: it turns structs into bytes.
 */
#include "arch/x86_64/describe/zero_page.h"

#include "common/lib/string.h"
#include "common/place/guest.h"

/*
 * Fills the zero page first, then the setup_data record. Ranges that differ
 * only in who claimed them are one range to the kernel. Returns the number of
 * ranges.
 */
static uint32_t fill_e820(struct boot_params *params,
                          struct setup_data *extension,
                          const struct memory *memory)
{
	const struct memory_step *step = memory->steps;
	struct e820_entry *entry = params->e820_table;
	uint16_t last_type = MEMORY_NONE;
	uint32_t count = 0;

	/* The end of the map, which is no memory, ends the last range. */
	do {
		uint16_t type = (uint16_t)step->kind;

		if (type == last_type)
			continue;
		if (last_type != MEMORY_NONE) {
			entry->size = step->base - entry->base;
			entry++;
			if (++count == E820_TABLE_MAX)
				entry = (struct e820_entry *)(extension + 1);
		}
		last_type = type;
		if (type == MEMORY_NONE)
			continue;
		entry->base = step->base;
		entry->type = type;
	} while (++step <= memory->end);
	return count;
}

static void fill_header(struct setup_header *header, const struct guest *guest)
{
	const struct kernel *kernel = &guest->kernel;

	if (kernel->setup_header) {
		memcpy(header, kernel->setup_header, kernel->setup_header_size);
	} else {
		header->boot_flag = SETUP_BOOT_FLAG;
		header->header = SETUP_HEADER_MAGIC;
		header->version = 0x20f;
		header->loadflags = LOADFLAG_LOADED_HIGH;
		if (kernel->is_randomized)
			header->loadflags |= LOADFLAG_KASLR;
		header->kernel_alignment = 0x200000;
		header->cmdline_size = kernel->cmdline_max;
	}
	header->type_of_loader = TYPE_OF_LOADER_UNDEFINED;
	header->code32_start = kernel->base;
	header->ramdisk_image = guest->initrd.base;
	header->ramdisk_size = guest->initrd.size;
	header->cmd_line_ptr = paddr_of(guest->cmdline.text);
}

void zero_page_build(struct boot_params *params, struct setup_data *extension,
                     const struct guest *guest, const struct memory *memory,
                     const struct zero_page_pointers *pointers)
{
	uint32_t count;

	/* No kernel reads what lies behind the E820 entries in use. */
	memset(params, 0, offsetof(struct boot_params, e820_table));
	fill_header(&params->hdr, guest);
	params->hdr.setup_data = pointers->setup_data_paddr;
	params->acpi_rsdp_addr = pointers->rsdp_paddr;
	params->ext_ramdisk_image = guest->initrd.base >> 32;
	params->ext_ramdisk_size = guest->initrd.size >> 32;
	params->ext_cmd_line_ptr = paddr_of(guest->cmdline.text) >> 32;

	count = fill_e820(params, extension, memory);
	params->e820_entries = min_u64(count, E820_TABLE_MAX);
	if (count <= E820_TABLE_MAX)
		return;
	extension->next = pointers->setup_data_paddr;
	extension->type = SETUP_E820_EXT;
	extension->len = (count - E820_TABLE_MAX) * sizeof(struct e820_entry);
	params->hdr.setup_data = paddr_of(extension);
}
