/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/judge/image.c - finds blob and bundle in a file; see image.h */
#include "payload/judge/image.h"

#include "common/payload/bundle_table.h"
#include "common/payload/unpack/lz4.h"
#include "common/payload/unpack/zstd.h"
#include "common/spec/linux_arm64.h"
#include "payload/judge/elf_door.h"
#include "payload/lib/crc32c.h"
#include "payload/read/kernel.h"

/* A zstd block of four bytes may unpack to 128 KiB. */
#define EXPANSION_MAX 0x8000

const char *section_name(uint32_t type)
{
	static const char *const names[BUNDLE_SECTION_TYPE_COUNT] = {
		"unknown", "kernel",   "kernel-segment", "initrd", "cmdline",
		"dtb",     "platform", "relocs",         "pin",    "paravisor",
	};

	return names[type < BUNDLE_SECTION_TYPE_COUNT ? type : 0];
}

static NORETURN void refuse_cut(const struct bytes *file, uint64_t size)
{
	refuse("is cut off at its end: has %#lx of %#lx bytes",
	       (unsigned long)file->size, (unsigned long)size);
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

/* An x86_64 blob ends the file; an AArch64 blob starts it. */
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
		/* A blob as built has no size in its record yet. */
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

/* The blob itself checks only sum64. The CRC-32C is for other readers. */
static void check_crc(const struct image *image)
{
	const struct bundle_header *header = &image->header;
	uint64_t covered = offsetof(struct bundle_header, checksum);
	uint32_t crc = crc32c(0, header, covered);

	crc = crc32c(crc, image->sections,
	             header->section_count * sizeof(*image->sections));
	if (crc != header->checksum.crc32c || header->checksum.reserved != 0)
		refuse("bundle: header: CRC-32C is %#x, must be %#x", crc,
		       header->checksum.crc32c);
}

/*
 * Opens the bundle by the blob's own checks, which need an aligned copy of
 * header and table.
 */
static void open_bundle(struct image *image)
{
	struct bundle_header *header = &image->header;
	uint64_t size = image->bundle.size;

	memcpy(header, image->bundle.data,
	       min_u64(sizeof(*header) + sizeof(image->sections), size));
	if (image->blob.size == 0)
		image->arch = header->arch;
	bundle_check_header(header, size, image->arch);
	if (arch_name(header->arch) == arch_name(0))
		refuse("bundle: for machine %u: must be x86_64 (62) or "
		       "AArch64 (183)",
		       header->arch);
	if (header->total_size != size)
		refuse("bundle: %#lx bytes: there are %#lx", header->total_size,
		       size);
	check_crc(image);
	bundle_check_table(header);
}

/* A ROM may start with its bundle, too, but has more bytes behind it. */
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

/*
 * An x86_64 blob ends its file, so it is missing if the end is cut off. The
 * headers at the start say how long the file must be.
 */
static bool is_cut_x86(const struct bytes *file)
{
	return elf_door_file_size(file) > file->size;
}

bool image_is(const struct bytes *file)
{
	struct image image = { .file = *file };

	return igvm_is(file) || starts_as_bundle(file) || find_record(&image) ||
	       is_cut_x86(file);
}

/* The bundle is before an x86_64 blob, and behind an AArch64 one. */
static void open_packed_bundle(struct image *image)
{
	const struct bundle_record *record = &image->record;
	uint64_t offset = (uint64_t)(image->blob.data - image->file.data) +
	                  (uint64_t)record->bundle_offset;

	if (image->arch == BUNDLE_ARCH_AARCH64 && offset < UINT32_MAX &&
	    record->bundle_size < UINT32_MAX &&
	    offset + record->bundle_size > image->file.size)
		refuse_cut(&image->file, offset + record->bundle_size);
	image->bundle = bytes_slice(&image->file, "bundle", offset,
	                            record->bundle_size);
	open_bundle(image);
}

/* Takes blob and bundle out of an IGVM file. */
static struct bytes open_igvm(struct image *image, const struct bytes *file)
{
	image->igvm = allocate(sizeof(*image->igvm));
	if (!igvm_own_open(image->igvm, file))
		refuse("an IGVM file without a directboot blob");
	image->file = image->igvm->packed;
	return image->file;
}

void image_open(struct image *image, struct bytes file)
{
	*image = (struct image){ .file = file };
	if (igvm_is(&file))
		file = open_igvm(image, &file);
	if (is_bare_bundle(&file) || !find_blob(image)) {
		if (is_cut_x86(&file))
			refuse_cut(&file, elf_door_file_size(&file));
		if (!starts_as_bundle(&file))
			refuse("holds neither a directboot blob nor a "
			       "bundle");
		image->bundle = file;
		open_bundle(image);
		return;
	}
	if (image->record.bundle_offset == 0) {
		if (image->record.bundle_size != 0)
			refuse("bundle: %#lx bytes, but nowhere",
			       image->record.bundle_size);
		return;
	}
	open_packed_bundle(image);
}

struct bytes image_stored(const struct image *image, unsigned index)
{
	const struct bundle_section *section = &image->sections[index];

	return (struct bytes){ image->bundle.data + section->offset,
		               section->stored_size };
}

/*
 * Decodes block by block, by the blob's own decoder. What is only zeros is not
 * written: `data` is zeros, and takes no memory where nobody has written. A few
 * bytes can stand for many GiB of them.
 */
static bool decode_blocks(const struct bundle_section *section, uint8_t *data,
                          const struct bytes *stored)
{
	uint64_t at = 0, done = 0, sum = 0;

	while (stored->size - at >= sizeof(struct bundle_block)) {
		const uint8_t *start = stored->data + at;
		struct bundle_block block;
		uint64_t step;

		memcpy(&block, start, sizeof(block));
		step = sizeof(block) + align_up(block.stored_size, 8);
		if (step > stored->size - at ||
		    block.size > section->size - done ||
		    (block.stored_size > 0 &&
		     !lz4_decode_section(data + done, block.size, start, step,
		                         &sum)))
			return false;
		at += step;
		done += block.size;
	}
	return at == stored->size && done == section->size;
}

/* These are the blob's own decoders, so the blob accepts the same data. */
static bool decode(const struct bundle_section *section, uint8_t *data,
                   const struct bytes *stored)
{
	if (section->compression == BUNDLE_COMPRESSION_LZ4)
		return decode_blocks(section, data, stored);
	return zstd_decode_frame(allocate(ZSTD_WORKSPACE_SIZE), data,
	                         section->size, stored->data, stored->size);
}

/* Returns the sum of the unpacked sizes that an LZ4 section's blocks state. */
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

/* Compression has limits. A size beyond them would waste memory. */
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
	uint8_t *data = NULL;

	if (section->compression == BUNDLE_COMPRESSION_NONE)
		return stored;
	if (is_credible(section, &stored))
		data = allocate(section->size);
	if (data == NULL || !decode(section, data, &stored))
		refuse("%s: %s data of %#lx bytes is malformed",
		       bundle_type_name(section->type),
		       section->compression == BUNDLE_COMPRESSION_LZ4 ? "LZ4"
		                                                      : "zstd",
		       section->stored_size);
	return (struct bytes){ data, section->size };
}

struct bytes image_kernel(const struct image *image)
{
	uint64_t base = UINT64_MAX;
	uint64_t end = 0;
	uint8_t *flat;

	for (unsigned i = 0; i < image->header.section_count; i++) {
		const struct bundle_section *section = &image->sections[i];

		if (section->type != BUNDLE_SECTION_KERNEL_SEGMENT)
			continue;
		base = min_u64(base, section->paddr);
		end = max_u64(end, section->paddr + section->memory_size);
	}
	if (end - base > KERNEL_SIZE_MAX)
		refuse("bundle: kernel segments span %#lx bytes: at most "
		       "%#llx",
		       end - base, KERNEL_SIZE_MAX);
	flat = allocate(end - base);
	for (unsigned i = 0; i < image->header.section_count; i++) {
		const struct bundle_section *section = &image->sections[i];
		struct bytes loaded;

		if (section->type != BUNDLE_SECTION_KERNEL_SEGMENT)
			continue;
		loaded = image_loaded(image, i);
		memcpy(flat + (section->paddr - base), loaded.data,
		       loaded.size);
	}
	return (struct bytes){ flat, end - base };
}

struct bytes image_bare_blob(const struct image *image)
{
	uint8_t *data = allocate(image->blob.size);
	struct bundle_record record = { .magic = BUNDLE_RECORD_MAGIC };

	memcpy(data, image->blob.data, image->blob.size);
	if (image->arch == BUNDLE_ARCH_AARCH64) {
		record.blob_size = (uint32_t)image->blob.size;
		((struct image_header *)data)->image_size -= image->bundle.size;
	}
	memcpy(data + image->record_offset, &record, sizeof(record));
	return (struct bytes){ data, image->blob.size };
}

uint32_t image_blob_crc32c(const struct bytes *blob, uint64_t record_offset)
{
	static const struct bundle_record zero;
	uint64_t behind = record_offset + sizeof(zero);
	uint32_t crc = crc32c(0, blob->data, record_offset);

	crc = crc32c(crc, &zero, sizeof(zero));
	return crc32c(crc, blob->data + behind, blob->size - behind);
}
