/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/payload/bundle.c - opens a bundle, see bundle.h
 *
 * common/spec/bundle.h has the format.
 */
#include "common/payload/bundle.h"

#include "common/arch.h"
#include "common/lib/console.h"
#include "common/lib/sum64.h"
#include "common/payload/bundle_table.h"

static_assert((int)BUNDLE_ON_ERROR_HALT == PAYLOAD_ON_ERROR_HALT,
              "same values");
static_assert((int)BUNDLE_ON_ERROR_POWEROFF == PAYLOAD_ON_ERROR_POWEROFF,
              "same values");
static_assert((int)BUNDLE_ON_ERROR_RESET == PAYLOAD_ON_ERROR_RESET,
              "same values");

static_assert(sizeof(struct bundle_header) +
                              BUNDLE_SECTION_MAX *
                                      sizeof(struct bundle_section) <=
                      DISK_PAGE_SIZE,
              "its first page says all");

bool bundle_is_at(const void *base, uint64_t size)
{
	return size >= sizeof(struct bundle_header) &&
	       load_le64(base) == BUNDLE_MAGIC;
}

/*
 * Proves that the padding from `end` of the bundle up to the next page is
 * zeros. The sum of zeros is 0, and a sum of other bytes is practically never
 * 0. If `disk` is not NULL, the bytes are read from there first; else they are
 * in memory.
 */
static void check_padding(const struct bundle_header *header, uint64_t end,
                          const struct disk *disk)
{
	uint64_t size =
		min_u64(align_up(end, BUNDLE_ALIGN), header->total_size) - end;
	const uint8_t *padding = (const uint8_t *)header + end;

	if (disk) {
		paddr_t edge =
			disk_page(disk, DISK_PAGE_EDGE) + end % DISK_PAGE_SIZE;

		disk_read(disk, end, edge, size);
		padding = paddr_ptr(edge);
	}
	if (sum64(0, padding, size) != 0)
		panic_range("bundle", size, end, "must be zeros");
}

/*
 * Tells whether a section can stay on the disk until it is loaded. The blob
 * looks into all other sections, so it reads them to RAM. It reads no byte
 * twice, since a disk may answer differently the second time.
 */
static bool can_stay_on_disk(const struct bundle_section *section)
{
	return section->compression == BUNDLE_COMPRESSION_NONE &&
	       (section->type == BUNDLE_SECTION_KERNEL_SEGMENT ||
	        section->type == BUNDLE_SECTION_INITRD);
}

static void add_section(struct payload *payload, struct memory *memory,
                        const struct bundle_header *header, uint32_t index,
                        const struct disk *disk)
{
	const struct bundle_section *section = &bundle_sections(header)[index];
	struct source *source = bundle_add_section(payload, header, index);

	source->kind = disk ? SOURCE_DISK : SOURCE_MEMORY;
	if (disk)
		source->disk_offset = section->offset;
	else
		source->data = (const uint8_t *)header + section->offset;
	if (disk && !can_stay_on_disk(section))
		source_fetch(&payload->reader, bundle_type_name(section->type),
		             source, memory);
	check_padding(header, section->offset + section->stored_size, disk);
}

/*
 * The options are set before anything else is judged, so that a refusal ends
 * the boot as the user wants.
 */
static void set_options(struct payload_options *options,
                        const struct bundle_header *header)
{
	options->is_verbose = (header->flags & BUNDLE_FLAG_VERBOSE) != 0;
	options->wants_device_tree =
		(header->flags & BUNDLE_FLAG_DEVICE_TREE) != 0;
	options->wants_vmm_acpi = (header->flags & BUNDLE_FLAG_VMM_ACPI) != 0;
	options->is_paravisor = (header->flags & BUNDLE_FLAG_PARAVISOR) != 0;
	options->allows_append =
		(header->flags & BUNDLE_FLAG_ALLOW_APPEND) != 0;
	options->on_error = (uint8_t)header->on_error;
}

/*
 * Opens a bundle in memory, or on `disk`. Sections that are read from the disk
 * take room in `memory`.
 */
static void open_bundle(struct payload *payload, struct memory *memory,
                        const struct bundle_header *header, uint64_t available,
                        const struct disk *disk)
{
	bundle_check_header(header, available, arch_elf_machine);
	set_options(&payload->options, header);
	bundle_check_table(header);
	check_padding(header, bundle_table_end(header), disk);
	for (uint32_t i = 0; i < header->section_count; i++)
		add_section(payload, memory, header, i, disk);
	payload->segments_entry = header->entry;
}

void bundle_open(struct payload *payload, const void *base, uint64_t available)
{
	open_bundle(payload, NULL, base, available, NULL);
	payload->origin = "bundle";
}

void bundle_open_disk(struct payload *payload, struct memory *memory)
{
	const struct disk *disk = &payload->disk;

	open_bundle(payload, memory, paddr_ptr(disk_page(disk, DISK_PAGE_HEAD)),
	            disk->sector_count * DISK_SECTOR_SIZE, disk);
	payload->origin = "disk";
}
