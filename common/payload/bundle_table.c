/* SPDX-License-Identifier: BSD-2-Clause */
/* common/payload/bundle_table.c - judges a bundle, see bundle_table.h */
#include "common/payload/bundle_table.h"

#include "common/image.h"
#include "common/lib/console.h"
#include "common/lib/sha256.h"
#include "common/lib/sum64.h"

/* The names are rows of a table, since pointers would need relocation. */
static const char
	type_names[BUNDLE_SECTION_TYPE_COUNT][sizeof("kernel segment")] = {
		"unknown", "kernel",   "kernel segment", "initrd", "cmdline",
		"dtb",     "platform", "relocs",         "pin",    "paravisor",
	};

const char *bundle_type_name(uint32_t type)
{
	return type_names[type < BUNDLE_SECTION_TYPE_COUNT ? type : 0];
}

static NORETURN PRINTF(3, 4) void refuse_section(uint32_t index, uint32_t type,
                                                 const char *format, ...)
{
	va_list arguments;

	panic_begin("bundle: section %u (%s): ", index, bundle_type_name(type));
	va_start(arguments, format);
	panic_end(format, &arguments);
}

static void check_sum(const struct bundle_header *header)
{
	uint64_t sum = sum64(0, header,
	                     offsetof(struct bundle_header, checksum.sum64));

	sum = sum64(sum, header + 1,
	            bundle_table_end(header) - sizeof(*header));
	if (sum != header->checksum.sum64)
		panic("bundle: header: sum is %#lx, must be %#lx", sum,
		      header->checksum.sum64);
}

/* Each architecture knows only its own kinds of kernel, and one a flag. */
static void check_options(const struct bundle_header *header)
{
	bool is_arm = header->arch == BUNDLE_ARCH_AARCH64;

	if ((header->flags & ~image_bundle_flags) != 0 ||
	    header->on_error >= BUNDLE_ON_ERROR_COUNT ||
	    header->kernel_kind >= BUNDLE_KERNEL_KIND_COUNT)
		panic("bundle: flags %#x, on-error %u, kernel kind %u: not all "
		      "known",
		      header->flags, header->on_error, header->kernel_kind);
	if (!is_arm && header->flags & BUNDLE_FLAG_DEVICE_TREE)
		panic("bundle: flags %#x: machine %u has no %#x", header->flags,
		      header->arch, BUNDLE_FLAG_DEVICE_TREE);
	if (header->kernel_kind != BUNDLE_KERNEL_NONE &&
	    (header->kernel_kind == BUNDLE_KERNEL_IMAGE) != is_arm)
		panic("bundle: kernel kind %u: none of machine %u",
		      header->kernel_kind, header->arch);
}

void bundle_check_header(const struct bundle_header *header, uint64_t available,
                         uint32_t arch)
{
	if (available < sizeof(*header) || header->magic != BUNDLE_MAGIC)
		panic("bundle: none in %#lx bytes at %#lx", available,
		      paddr_of(header));
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
	available = min_u64(available, MACHINE_PADDR_END);
	if (header->total_size > available ||
	    bundle_table_end(header) > header->total_size)
		panic("bundle: %#lx bytes: there are %#lx", header->total_size,
		      available);
	check_sum(header);
	if (header->arch != arch)
		panic("bundle: for machine %u: this is machine %u",
		      header->arch, arch);
	check_options(header);
}

/*
 * Proves where a section's bytes lie. Sections come in the order of their bytes
 * and overlap neither each other nor the table. `stored_end` is where the table
 * or the section before this one ends.
 */
static void check_stored(const struct bundle_header *header, uint32_t index,
                         uint64_t stored_end)
{
	const struct bundle_section *section = &bundle_sections(header)[index];
	if (bundle_type_name(section->type) == type_names[0])
		panic("bundle: section %u: type %u: known are 1 to %u", index,
		      section->type, BUNDLE_SECTION_TYPE_COUNT - 1);
	if (!is_within(section->offset, section->stored_size,
	               header->total_size))
		refuse_section(index, section->type,
		               "%#lx bytes at %#lx: bundle has only %#lx",
		               section->stored_size, section->offset,
		               header->total_size);
	if (section->offset % BUNDLE_ALIGN != 0 || section->offset < stored_end)
		refuse_section(index, section->type,
		               "at %#lx: must be on a page behind %#lx",
		               section->offset, stored_end);
}

static void check_compression(const struct bundle_header *header,
                              uint32_t index)
{
	const struct bundle_section *section = &bundle_sections(header)[index];
	bool is_plain = section->compression == BUNDLE_COMPRESSION_NONE;

	/* A section that the blob reads in place is never compressed. */
	if (section->compression >= BUNDLE_COMPRESSION_COUNT ||
	    (!is_plain && section->type >= BUNDLE_SECTION_CMDLINE))
		refuse_section(index, section->type,
		               "compression %u: not known here",
		               section->compression);
	if (!is_plain && section->type == BUNDLE_SECTION_KERNEL &&
	    header->kernel_kind != BUNDLE_KERNEL_IMAGE)
		panic("kernel: file under compression %u: must be none",
		      section->compression);
	if (is_plain ? section->size != section->stored_size
	             : section->size > MACHINE_PADDR_END)
		refuse_section(index, section->type,
		               "%#lx bytes stored of %#lx",
		               section->stored_size, section->size);
	if (section->type == BUNDLE_SECTION_PIN && section->size != SHA256_SIZE)
		panic("pin: %#lx bytes: must be %#x", section->size,
		      SHA256_SIZE);
}

/*
 * Proves the place of a kernel segment in RAM, and that no segment before
 * overlaps it.
 */
static void check_segment(const struct bundle_header *header, uint32_t index)
{
	const struct bundle_section *sections = bundle_sections(header);
	const struct bundle_section *section = &sections[index];
	uint64_t end = section->paddr + section->memory_size;

	if (!section->memory_size || section->size > section->memory_size ||
	    !is_within(section->paddr, section->memory_size, MACHINE_PADDR_END))
		refuse_section(index, section->type,
		               "%#lx bytes in %#lx at %#lx", section->size,
		               section->memory_size, section->paddr);
	if (section->paddr < BUNDLE_SEGMENT_LOWEST)
		panic("kernel: segment at %#lx: must be above %#x",
		      section->paddr, BUNDLE_SEGMENT_LOWEST);
	for (uint32_t i = 0; i < index; i++) {
		const struct bundle_section *other = &sections[i];

		if (other->type == BUNDLE_SECTION_KERNEL_SEGMENT &&
		    section->paddr < other->paddr + other->memory_size &&
		    other->paddr < end)
			refuse_section(index, section->type,
			               "%#lx bytes at %#lx: overlaps "
			               "section %u",
			               section->memory_size, section->paddr, i);
	}
}

/* Proves that there is at most one kernel, in the form that the header says. */
static void check_kernel(const struct bundle_header *header,
                         uint32_t segment_count, uint32_t file_count)
{
	bool is_in_segments = header->kernel_kind == BUNDLE_KERNEL_SEGMENTS;
	bool is_file = header->kernel_kind > BUNDLE_KERNEL_SEGMENTS;

	if (is_in_segments != (segment_count > 0) || is_file != file_count)
		panic("bundle: kernel kind %u: has %u segments and %u files",
		      header->kernel_kind, segment_count, file_count);
	if (segment_count > BUNDLE_SEGMENT_MAX)
		panic("bundle: kernel segments: more than %u",
		      BUNDLE_SEGMENT_MAX);
}

/*
 * Proves that the entry lies between the first segment's first byte and the
 * last segment's end.
 */
static void check_entry(const struct bundle_header *header)
{
	const struct bundle_section *sections = bundle_sections(header);
	uint64_t base = UINT64_MAX, end = 0;

	for (uint32_t i = 0; i < header->section_count; i++) {
		const struct bundle_section *section = &sections[i];

		if (section->type != BUNDLE_SECTION_KERNEL_SEGMENT)
			continue;
		base = min_u64(base, section->paddr);
		end = max_u64(end, section->paddr + section->memory_size);
	}
	if (header->kernel_kind == BUNDLE_KERNEL_SEGMENTS &&
	    header->entry - base >= end - base)
		panic("kernel: entry %#lx: not in its %#lx bytes at %#lx",
		      header->entry, end - base, base);
}

void bundle_check_table(const struct bundle_header *header)
{
	const struct bundle_section *sections = bundle_sections(header);
	uint64_t stored_end = bundle_table_end(header);
	uint32_t counts[BUNDLE_SECTION_TYPE_COUNT] = { 0 };

	for (uint32_t i = 0; i < header->section_count; i++) {
		uint32_t type = sections[i].type;

		check_stored(header, i, stored_end);
		stored_end = sections[i].offset + sections[i].stored_size;
		check_compression(header, i);
		if (type == BUNDLE_SECTION_KERNEL_SEGMENT)
			check_segment(header, i);
		else if (counts[type])
			refuse_section(i, type, "there is one already");
		counts[type]++;
	}
	check_kernel(header, counts[BUNDLE_SECTION_KERNEL_SEGMENT],
	             counts[BUNDLE_SECTION_KERNEL]);
	check_entry(header);
	if (counts[BUNDLE_SECTION_PARAVISOR] !=
	    !!(header->flags & BUNDLE_FLAG_PARAVISOR))
		panic("bundle: flags %#x: and %u paravisor sections",
		      header->flags, counts[BUNDLE_SECTION_PARAVISOR]);
}

void bundle_check_paravisor(const struct bundle_paravisor *paravisor,
                            uint64_t size)
{
	if (size != sizeof(*paravisor) || paravisor->reserved)
		panic("bundle: paravisor: %#lx bytes, reserved %#x: must be "
		      "%#x and 0",
		      size, size < sizeof(*paravisor) ? 0 : paravisor->reserved,
		      (unsigned)sizeof(*paravisor));
	if (paravisor->memory_size > MACHINE_ADDRESS_END ||
	    paravisor->chunk_max > BUNDLE_CHUNK_MAX)
		panic("bundle: paravisor: %#lx bytes of RAM, chunks of %u "
		      "CPUs: at most %#lx and %u",
		      paravisor->memory_size, paravisor->chunk_max,
		      MACHINE_ADDRESS_END, BUNDLE_CHUNK_MAX);
}

/*
 * Where the payload keeps the section of each type. Segments have an array
 * instead.
 */
static const uint16_t places[BUNDLE_SECTION_TYPE_COUNT] = {
	[BUNDLE_SECTION_KERNEL] = offsetof(struct payload, kernel),
	[BUNDLE_SECTION_INITRD] = offsetof(struct payload, initrd),
	[BUNDLE_SECTION_CMDLINE] = offsetof(struct payload, cmdline),
	[BUNDLE_SECTION_DTB] = offsetof(struct payload, dtb),
	[BUNDLE_SECTION_PLATFORM] = offsetof(struct payload, platform),
	[BUNDLE_SECTION_RELOCS] = offsetof(struct payload, relocs),
	[BUNDLE_SECTION_PIN] = offsetof(struct payload, pin),
	[BUNDLE_SECTION_PARAVISOR] = offsetof(struct payload, paravisor),
};

static struct source *add_segment(struct payload *payload,
                                  const struct bundle_section *section)
{
	struct payload_segment *segment =
		&payload->segments[payload->segment_count++];

	segment->paddr = section->paddr;
	segment->memory_size = section->memory_size;
	return &segment->source;
}

struct source *bundle_add_section(struct payload *payload,
                                  const struct bundle_header *header,
                                  uint32_t index)
{
	const struct bundle_section *section = &bundle_sections(header)[index];
	struct source *source =
		section->type == BUNDLE_SECTION_KERNEL_SEGMENT
			? add_segment(payload, section)
			: (void *)((uint8_t *)payload + places[section->type]);

	*source = (struct source){
		.compression = section->compression,
		.stored_size = section->stored_size,
		.size = section->size,
		.has_checksum = true,
		.sum64 = section->checksum.sum64,
	};
	if (section->compression == BUNDLE_COMPRESSION_ZSTD)
		payload->needs_zstd = true;
	return source;
}
