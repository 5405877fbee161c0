/* SPDX-License-Identifier: BSD-2-Clause */
/* common/payload/bundle.c - opens a bundle; the format is common/spec/bundle.h
 */
#include "common/payload/bundle.h"

#include "common/arch.h"
#include "common/boot.h"
#include "common/lib/console.h"
#include "common/lib/sum64.h"
#include "common/spec/bundle.h"

static_assert((int)BUNDLE_ON_ERROR_HALT == ON_ERROR_HALT, "same values");
static_assert((int)BUNDLE_ON_ERROR_POWEROFF == ON_ERROR_POWEROFF,
              "same values");
static_assert((int)BUNDLE_ON_ERROR_RESET == ON_ERROR_RESET, "same values");

/* In rows, since pointers in constants would need relocation. */
static const char type_names[BUNDLE_SECTION_TYPE_COUNT][16] = {
	"unknown", "kernel",   "kernel segment", "initrd", "cmdline",
	"dtb",     "platform", "relocs",         "pin",
};

static_assert(sizeof(struct bundle_header) +
                              BUNDLE_SECTION_MAX *
                                      sizeof(struct bundle_section) <=
                      DISK_PAGE_SIZE,
              "its first page says all");

struct bundle {
	const struct bundle_header *header;
	const struct bundle_section *sections;
	uint64_t stored_end; /* of the sections seen so far */
};

bool bundle_is_at(const void *base, uint64_t size)
{
	return size >= sizeof(struct bundle_header) &&
	       load_le64(base) == BUNDLE_MAGIC;
}

static void check_sum(const struct bundle_header *header, uint64_t table_size)
{
	uint64_t sum = sum64(0, header,
	                     offsetof(struct bundle_header, checksum.sum64));

	sum = sum64(sum, header + 1, table_size);
	if (sum != header->checksum.sum64)
		panic("bundle: header: sum is %#lx, must be %#lx", sum,
		      header->checksum.sum64);
}

/* All but the checksum and the magic is unproven yet; sizes first. */
static void check_header(const struct bundle_header *header, uint64_t available)
{
	uint64_t table_size =
		(uint64_t)header->section_count * sizeof(struct bundle_section);

	if (header->version != BUNDLE_VERSION)
		panic("bundle: version %u: this blob reads version %u",
		      header->version, BUNDLE_VERSION);
	if (header->header_size != sizeof(*header) ||
	    header->section_size != sizeof(struct bundle_section))
		panic("bundle: header of %u bytes, sections of %u: must be "
		      "%u and %u",
		      header->header_size, header->section_size,
		      (unsigned)sizeof(*header),
		      (unsigned)sizeof(struct bundle_section));
	if (header->section_count > BUNDLE_SECTION_MAX)
		panic("bundle: %u sections: at most %u", header->section_count,
		      BUNDLE_SECTION_MAX);
	if (header->total_size > available ||
	    !is_within(sizeof(*header), table_size, header->total_size))
		panic("bundle: %#lx bytes: there are %#lx", header->total_size,
		      available);
	check_sum(header, table_size);
	if (header->arch != arch_elf_machine())
		panic("bundle: for machine %u: this is machine %u",
		      header->arch, arch_elf_machine());
	if ((header->flags & ~BUNDLE_FLAGS_KNOWN) != 0 ||
	    header->on_error >= BUNDLE_ON_ERROR_COUNT ||
	    header->kernel_kind >= BUNDLE_KERNEL_KIND_COUNT)
		panic("bundle: flags %#x, on-error %u, kernel kind %u: not all "
		      "known",
		      header->flags, header->on_error, header->kernel_kind);
}

/*
 * Sections come in the order of their bytes and overlap neither each other
 * nor the table.
 */
static void check_section(struct bundle *bundle, uint32_t index)
{
	const struct bundle_section *section = &bundle->sections[index];
	uint64_t total = bundle->header->total_size;
	const char *name = type_names[0];

	if (section->type < BUNDLE_SECTION_TYPE_COUNT)
		name = type_names[section->type];
	if (name == type_names[0])
		panic("bundle: section %u: type %u: known are 1 to %u", index,
		      section->type, BUNDLE_SECTION_TYPE_COUNT - 1);
	if (!is_within(section->offset, section->stored_size, total))
		panic("bundle: section %u (%s): %#lx bytes at %#lx: bundle "
		      "has only %#lx",
		      index, name, section->stored_size, section->offset,
		      total);
	if (section->offset % BUNDLE_ALIGN != 0 ||
	    section->offset < bundle->stored_end)
		panic("bundle: section %u (%s): at %#lx: must be on a page "
		      "behind %#lx",
		      index, name, section->offset, bundle->stored_end);
	bundle->stored_end = section->offset + section->stored_size;
	/* What the blob reads in place is stored as it is. */
	if (section->compression >= BUNDLE_COMPRESSION_COUNT ||
	    (section->compression != BUNDLE_COMPRESSION_NONE &&
	     section->type >= BUNDLE_SECTION_CMDLINE))
		panic("bundle: section %u (%s): compression %u: not known here",
		      index, name, section->compression);
	if (section->compression == BUNDLE_COMPRESSION_NONE &&
	    section->size != section->stored_size)
		panic("bundle: section %u (%s): %#lx bytes stored of %#lx",
		      index, name, section->stored_size, section->size);
	if (section->type == BUNDLE_SECTION_KERNEL_SEGMENT &&
	    (section->size > section->memory_size ||
	     section->memory_size > UINT64_MAX - section->paddr))
		panic("bundle: section %u (%s): %#lx bytes in %#lx at %#lx",
		      index, name, section->size, section->memory_size,
		      section->paddr);
}

/*
 * Behind the last bytes that were seen, up to the next page. The sum of zeros
 * is 0, and one of other bytes as good as never.
 */
static void check_padding(const struct boot *boot, const struct bundle *bundle,
                          enum source_kind kind)
{
	uint64_t end = bundle->stored_end;
	uint64_t size = min_u64(align_up(end, BUNDLE_ALIGN),
	                        bundle->header->total_size) -
	                end;
	const uint8_t *padding = (const uint8_t *)bundle->header + end;

	if (kind == SOURCE_DISK) {
		paddr_t edge = disk_page(&boot->disk, DISK_PAGE_EDGE) +
		               end % DISK_PAGE_SIZE;

		disk_read(&boot->disk, end, edge, size);
		padding = paddr_ptr(edge);
	}
	if (sum64(0, padding, size) != 0)
		panic("bundle: %#lx bytes at %#lx: must be zeros", size, end);
}

/* What is read on a disk's way: all else is read for what is in it. */
static bool can_stay_on_disk(const struct bundle_section *section)
{
	return section->compression == BUNDLE_COMPRESSION_NONE &&
	       section->type <= BUNDLE_SECTION_INITRD;
}

static struct source *add_segment(struct payload *payload,
                                  const struct bundle_section *section)
{
	struct payload_segment *segment;

	if (payload->segment_count == PAYLOAD_SEGMENT_MAX)
		panic("bundle: kernel segments: more than %u",
		      PAYLOAD_SEGMENT_MAX);
	segment = &payload->segments[payload->segment_count++];
	segment->paddr = section->paddr;
	segment->memory_size = section->memory_size;
	return &segment->source;
}

/* Where the payload keeps the one section of each other type. */
static const uint16_t places[BUNDLE_SECTION_TYPE_COUNT] = {
	[BUNDLE_SECTION_KERNEL] = offsetof(struct payload, kernel),
	[BUNDLE_SECTION_INITRD] = offsetof(struct payload, initrd),
	[BUNDLE_SECTION_CMDLINE] = offsetof(struct payload, cmdline),
	[BUNDLE_SECTION_DTB] = offsetof(struct payload, dtb),
	[BUNDLE_SECTION_PLATFORM] = offsetof(struct payload, platform),
	[BUNDLE_SECTION_RELOCS] = offsetof(struct payload, relocs),
	[BUNDLE_SECTION_PIN] = offsetof(struct payload, pin),
};

static struct source *take_place(struct payload *payload,
                                 const struct bundle_section *section,
                                 uint32_t index)
{
	struct source *place;

	if (section->type == BUNDLE_SECTION_KERNEL_SEGMENT)
		return add_segment(payload, section);
	place = (void *)((uint8_t *)payload + places[section->type]);
	if (place->kind != SOURCE_NONE)
		panic("bundle: section %u (%s): there is one already", index,
		      type_names[section->type]);
	return place;
}

static void add_section(struct boot *boot, const struct bundle *bundle,
                        uint32_t index, enum source_kind kind)
{
	const struct bundle_section *section = &bundle->sections[index];
	struct source *source = take_place(&boot->payload, section, index);

	source->kind = kind;
	source->compression = section->compression;
	source->stored_size = section->stored_size;
	source->size = section->size;
	source->has_checksum = true;
	source->sum64 = section->checksum.sum64;
	if (section->compression == BUNDLE_COMPRESSION_ZSTD)
		boot->payload.has_zstd = true;
	if (kind == SOURCE_MEMORY) {
		source->data =
			(const uint8_t *)bundle->header + section->offset;
		return;
	}
	source->disk_offset = section->offset;
	if (!can_stay_on_disk(section))
		source_fetch(boot, type_names[section->type], source);
}

/* A kernel is there once, in the form that the header says. */
static void check_kernel(const struct payload *payload,
                         const struct bundle_header *header)
{
	bool is_in_segments = header->kernel_kind == BUNDLE_KERNEL_SEGMENTS;
	bool is_file = header->kernel_kind > BUNDLE_KERNEL_SEGMENTS;

	if (is_in_segments != (payload->segment_count > 0) ||
	    is_file != (payload->kernel.kind != SOURCE_NONE))
		panic("bundle: kernel kind %u: has %u segments and %u files",
		      header->kernel_kind, payload->segment_count,
		      payload->kernel.kind != SOURCE_NONE);
}

/* First of all, so that what is wrong behind it ends as the user wants. */
static void set_options(struct boot_options *options,
                        const struct bundle_header *header)
{
	options->is_verbose = (header->flags & BUNDLE_FLAG_VERBOSE) != 0;
	options->wants_device_tree =
		(header->flags & BUNDLE_FLAG_DEVICE_TREE) != 0;
	options->wants_vmm_acpi = (header->flags & BUNDLE_FLAG_VMM_ACPI) != 0;
	options->on_error = (enum on_error)header->on_error;
}

void bundle_open(struct boot *boot, const void *base, uint64_t available,
                 enum source_kind kind)
{
	const struct bundle_header *header = base;
	struct bundle bundle = {
		.header = header,
		.sections = (const struct bundle_section *)(header + 1),
	};

	if (!bundle_is_at(base, available))
		panic("bundle: none in %#lx bytes at %#lx", available,
		      paddr_of(base));
	check_header(header, available);
	set_options(&boot->options, header);

	bundle.stored_end =
		sizeof(*header) +
		header->section_count * sizeof(struct bundle_section);
	for (uint32_t i = 0;; i++) {
		check_padding(boot, &bundle, kind);
		if (i == header->section_count)
			break;
		check_section(&bundle, i);
		add_section(boot, &bundle, i, kind);
	}
	check_kernel(&boot->payload, header);

	boot->payload.origin = kind == SOURCE_DISK ? "disk" : "bundle";
	boot->payload.segments_entry = header->entry;
}
