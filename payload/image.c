/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/image.c - finds blob and bundle in a file, proves both */
#include "payload/image.h"

#include "common/payload/unpack/lz4.h"
#include "common/lib/sum64.h"
#include "common/payload/unpack/zstd.h"
#include "payload/crc32c.h"
#include "payload/kernel.h"

/* Of a zstd block: 128 KiB from four bytes. An LZ4 section's zeros: any. */
#define EXPANSION_MAX 0x8000

const char *arch_name(uint32_t arch)
{
	return arch == BUNDLE_ARCH_X86_64    ? "x86_64"
	       : arch == BUNDLE_ARCH_AARCH64 ? "aarch64"
	                                     : "unknown";
}

const char *section_name(uint32_t type)
{
	static const char *const names[BUNDLE_SECTION_TYPE_COUNT] = {
		"unknown", "kernel",   "kernel-segment", "initrd", "cmdline",
		"dtb",     "platform", "relocs",         "pin",
	};

	return names[type < BUNDLE_SECTION_TYPE_COUNT ? type : 0];
}

static bool is_record(struct image *image, uint64_t offset, uint32_t arch)
{
	if (!is_within(offset, sizeof(image->record), image->file.size))
		return false;
	memcpy(&image->record, image->file.data + offset,
	       sizeof(image->record));
	image->arch = arch;
	image->record_offset = offset;
	return image->record.magic == BUNDLE_RECORD_MAGIC;
}

/* An x86_64 blob is the file's end, an AArch64 blob its start. */
static bool find_record(struct image *image)
{
	uint64_t size = image->file.size;

	return (size >= BUNDLE_BLOB_X86_SIZE &&
	        is_record(image, size - BUNDLE_RECORD_X86_BACK,
	                  BUNDLE_ARCH_X86_64)) ||
	       is_record(image, BUNDLE_RECORD_ARM_OFFSET, BUNDLE_ARCH_AARCH64);
}

static bool find_blob(struct image *image)
{
	uint64_t size = image->file.size;
	uint64_t blob_size = BUNDLE_BLOB_X86_SIZE;
	uint64_t start = size - BUNDLE_BLOB_X86_SIZE;

	if (!find_record(image))
		return false;
	if (image->arch == BUNDLE_ARCH_AARCH64) {
		/* The build leaves the size to us. */
		start = 0;
		blob_size = image->record.blob_size;
		if (blob_size == 0)
			blob_size = size;
		if (blob_size < image->record_offset + sizeof(image->record))
			refuse("blob: %#lx bytes: its record ends at %#zx",
			       (unsigned long)blob_size,
			       image->record_offset + sizeof(image->record));
	}
	image->blob = bytes_slice(&image->file, "blob", start, blob_size);
	image->record_offset -= start;
	return true;
}

static void check_header(const struct image *image)
{
	const struct bundle_header *header = &image->header;

	if (header->magic != BUNDLE_MAGIC)
		refuse("bundle: starts with %#lx: must be %#lx", header->magic,
		       BUNDLE_MAGIC);
	if (header->version != BUNDLE_VERSION)
		refuse("bundle: version %u: this tool reads version %u",
		       header->version, BUNDLE_VERSION);
	if (header->header_size != sizeof(*header) ||
	    header->section_size != sizeof(struct bundle_section))
		refuse("bundle: header of %u bytes, sections of %u: must be "
		       "%zu and %zu",
		       header->header_size, header->section_size,
		       sizeof(*header), sizeof(struct bundle_section));
	if (header->section_count > BUNDLE_SECTION_MAX)
		refuse("bundle: %u sections: at most %u", header->section_count,
		       BUNDLE_SECTION_MAX);
	if (header->total_size != image->bundle.size)
		refuse("bundle: %#lx bytes: there are %#lx", header->total_size,
		       image->bundle.size);
	if (arch_name(header->arch) == arch_name(0))
		refuse("bundle: for machine %u: must be x86_64 (62) or "
		       "AArch64 (183)",
		       header->arch);
	if (image->blob.size > 0 && header->arch != image->arch)
		refuse("bundle: for %s, behind a blob for %s",
		       arch_name(header->arch), arch_name(image->arch));
	if ((header->flags & ~BUNDLE_FLAGS_KNOWN) != 0 ||
	    header->on_error >= BUNDLE_ON_ERROR_COUNT ||
	    header->kernel_kind >= BUNDLE_KERNEL_KIND_COUNT)
		refuse("bundle: flags %#x, on-error %u, kernel kind %u: not "
		       "all known",
		       header->flags, header->on_error, header->kernel_kind);
}

static void check_header_sums(const struct image *image)
{
	const struct bundle_header *header = &image->header;
	uint64_t covered = offsetof(struct bundle_header, checksum);
	uint64_t table_size = header->section_count * sizeof(*image->sections);
	uint32_t crc =
		crc32c(crc32c(0, header, covered), image->sections, table_size);
	uint64_t sum = sum64(0, header,
	                     offsetof(struct bundle_header, checksum.sum64));

	sum = sum64(sum, image->sections, table_size);
	if (crc != header->checksum.crc32c || sum != header->checksum.sum64 ||
	    header->checksum.reserved != 0)
		refuse("bundle: header: CRC-32C is %#x and sum %#lx, must be "
		       "%#x and %#lx",
		       crc, sum, header->checksum.crc32c,
		       header->checksum.sum64);
}

static void check_section(const struct image *image, unsigned index,
                          uint64_t stored_end)
{
	const struct bundle_section *section = &image->sections[index];
	const char *name = section_name(section->type);

	if (section->type == 0 || section->type >= BUNDLE_SECTION_TYPE_COUNT)
		refuse("bundle: section %u: type %u: known are 1 to %u", index,
		       section->type, BUNDLE_SECTION_TYPE_COUNT - 1);
	if (!is_within(section->offset, section->stored_size,
	               image->bundle.size))
		refuse("bundle: section %u (%s): %#lx bytes at %#lx: bundle "
		       "has only %#lx",
		       index, name, section->stored_size, section->offset,
		       image->bundle.size);
	if (section->offset % BUNDLE_ALIGN != 0 || section->offset < stored_end)
		refuse("bundle: section %u (%s): at %#lx: must be on a page "
		       "behind %#lx",
		       index, name, section->offset, stored_end);
	if (section->compression >= BUNDLE_COMPRESSION_COUNT)
		refuse("bundle: section %u (%s): compression %u: known are "
		       "none (0), LZ4 (1) and zstd (2)",
		       index, name, section->compression);
	if (section->compression == BUNDLE_COMPRESSION_NONE &&
	    section->size != section->stored_size)
		refuse("bundle: section %u (%s): %#lx bytes stored of %#lx",
		       index, name, section->stored_size, section->size);
	if (section->type == BUNDLE_SECTION_KERNEL_SEGMENT &&
	    (section->size > section->memory_size ||
	     section->memory_size > UINT64_MAX - section->paddr))
		refuse("bundle: section %u (%s): %#lx bytes in %#lx at %#lx",
		       index, name, section->size, section->memory_size,
		       section->paddr);
}

static void open_bundle(struct image *image)
{
	uint64_t end = sizeof(image->header);
	struct bytes table;

	memcpy(&image->header,
	       bytes_slice(&image->bundle, "bundle: header", 0, end).data, end);
	check_header(image);
	table = bytes_slice(&image->bundle, "bundle: section table", end,
	                    image->header.section_count *
	                            sizeof(*image->sections));
	memcpy(image->sections, table.data, table.size);
	check_header_sums(image);
	end += table.size;
	for (unsigned i = 0; i < image->header.section_count; i++) {
		check_section(image, i, end);
		end = image->sections[i].offset +
		      image->sections[i].stored_size;
	}
}

/* A ROM may start with its bundle too, but then goes on behind it. */
static bool is_bare_bundle(const struct bytes *file)
{
	struct bundle_header header;

	if (file->size < sizeof(header))
		return false;
	memcpy(&header, file->data, sizeof(header));
	return header.magic == BUNDLE_MAGIC && header.total_size == file->size;
}

static bool starts_as_bundle(const struct bytes *file)
{
	return file->size >= 8 && load_le64(file->data) == BUNDLE_MAGIC;
}

bool image_is(const struct bytes *file)
{
	struct image image = { .file = *file };

	return starts_as_bundle(file) || find_record(&image);
}

void image_open(struct image *image, const char *path, struct bytes file)
{
	*image = (struct image){ .file = file };
	if (is_bare_bundle(&file) || !find_blob(image)) {
		if (!starts_as_bundle(&file))
			refuse("%s: holds neither a directboot blob nor a "
			       "bundle",
			       path);
		image->bundle = file;
		open_bundle(image);
		image->arch = image->header.arch;
		return;
	}
	if (image->record.bundle_offset == 0) {
		if (image->record.bundle_size != 0)
			refuse("bundle: %#lx bytes, but nowhere",
			       image->record.bundle_size);
		return;
	}
	image->bundle =
		bytes_slice(&file, "bundle",
	                    (uint64_t)(image->blob.data - file.data) +
	                            (uint64_t)image->record.bundle_offset,
	                    image->record.bundle_size);
	open_bundle(image);
}

struct bytes image_stored(const struct image *image, unsigned index)
{
	const struct bundle_section *section = &image->sections[index];

	return (struct bytes){ image->bundle.data + section->offset,
		               section->stored_size };
}

/* By the blob's own decoders, so that what is good here is good there. */
static bool decode(const struct bundle_section *section, uint8_t *data,
                   const struct bytes *stored)
{
	uint64_t sum = 0;

	if (section->compression == BUNDLE_COMPRESSION_LZ4)
		return lz4_decode_section(data, section->size, stored->data,
		                          stored->size, &sum);
	return zstd_decode_frame(allocate(ZSTD_WORKSPACE_SIZE), data,
	                         section->size, stored->data, stored->size);
}

/* What the blocks of an LZ4 section say that they are together. */
static uint64_t blocks_size(const struct bytes *stored)
{
	uint64_t at = 0, size = 0;

	while (stored->size - at >= sizeof(struct bundle_block)) {
		struct bundle_block block;
		uint64_t step;

		memcpy(&block, stored->data + at, sizeof(block));
		step = sizeof(block) + align_up(block.stored_size, 8);
		if (step > stored->size - at)
			break;
		size += block.size;
		at += step;
	}
	return size;
}

/* There are limits to compression: no memory is asked for in vain. */
static bool is_credible(const struct bundle_section *section,
                        const struct bytes *stored)
{
	if (section->compression == BUNDLE_COMPRESSION_LZ4)
		return blocks_size(stored) == section->size;
	return section->size / EXPANSION_MAX <= stored->size;
}

struct bytes image_loaded(const struct image *image, unsigned index)
{
	const struct bundle_section *section = &image->sections[index];
	struct bytes stored = image_stored(image, index);
	uint8_t *data;

	if (section->compression == BUNDLE_COMPRESSION_NONE)
		return stored;
	if (!is_credible(section, &stored))
		refuse("bundle: section %u (%s): %#lx bytes from %#lx", index,
		       section_name(section->type), section->size,
		       section->stored_size);
	data = allocate(section->size);
	if (!decode(section, data, &stored))
		refuse("bundle: section %u (%s): compressed data is damaged",
		       index, section_name(section->type));
	return (struct bytes){ data, section->size };
}
