/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/judge/proof.c - proves every byte of a file; see proof.h */
#include "payload/judge/proof.h"

#include "arch/x86_64/place/relocs.h"
#include "common/lib/sum64.h"
#include "common/payload/bundle_table.h"
#include "payload/judge/elf_door.h"
#include "payload/judge/trial.h"
#include "payload/lib/crc32c.h"

static void check_zeros(const char *what, const uint8_t *start,
                        const uint8_t *end)
{
	for (const uint8_t *p = start; p < end; p++)
		if (*p != 0)
			refuse("%s: padding: byte %#x at %#lx: must be 0", what,
			       *p, (unsigned long)(p - start));
}

static void check_blob(const struct image *image)
{
	const struct bundle_record *record = &image->record;
	uint32_t crc = image_blob_crc32c(&image->blob, image->record_offset);

	if (record->blob_size != image->blob.size)
		refuse("blob: size %#x: must be %#lx", record->blob_size,
		       (unsigned long)image->blob.size);
	if (record->blob_crc32c != crc)
		refuse("blob: CRC-32C is %#x, must be %#x", crc,
		       record->blob_crc32c);
}

/* Before bundle and x86_64 blob there are their headers, then zeros. */
static void check_front(const struct image *image, const uint8_t *end)
{
	const uint8_t *start = image->file.data;
	uint8_t header[ELF_DOOR_SIZE];
	struct elf_door_kernel kernel = { 0 };

	for (unsigned i = 0; i < image->header.section_count; i++) {
		struct bytes stored = image_stored(image, i);

		elf_door_add(&kernel, &image->sections[i], &stored);
	}
	if (elf_door_make(header, &image->blob, image->file.size, &kernel,
	                  elf_door_has_bzimage(&image->file))) {
		if ((uint64_t)(end - start) < sizeof(header) ||
		    memcmp(start, header, sizeof(header)) != 0)
			refuse("file: headers: are not those of this blob and "
			       "bundle");
		start += sizeof(header);
	}
	check_zeros("file", start, end);
}

/* Everything in the file that is neither blob nor bundle is padding. */
static void check_outside(const struct image *image)
{
	const uint8_t *end = image->file.data + image->file.size;
	const uint8_t *blob_end = image->blob.data + image->blob.size;
	const uint8_t *bundle_end = image->bundle.data + image->bundle.size;

	/* VMMs refuse a ROM of any other size. */
	if (image->blob.size > 0 && image->arch == BUNDLE_ARCH_X86_64 &&
	    image->file.size % BUNDLE_BLOB_X86_SIZE != 0)
		refuse("file: %#lx bytes: must be a multiple of %#x",
		       (unsigned long)image->file.size, BUNDLE_BLOB_X86_SIZE);
	if (image->bundle.size == 0) {
		check_front(image, image->blob.data);
		check_zeros("file", blob_end, end);
	} else if (image->bundle.data < image->blob.data) {
		check_front(image, image->bundle.data);
		check_zeros("file", bundle_end, image->blob.data);
	} else if (image->blob.size > 0) {
		check_zeros("file", blob_end, image->bundle.data);
		check_zeros("file", bundle_end, end);
	}
}

static void check_section(const struct image *image, unsigned index)
{
	const struct bundle_section *section = &image->sections[index];
	struct bytes stored = image_stored(image, index);
	const char *name = section_name(section->type);
	uint32_t crc = crc32c(0, stored.data, stored.size);
	uint64_t sum = sum64(0, stored.data, stored.size);
	uint8_t digest[32];

	if (sum != section->checksum.sum64)
		refuse("%s: sum of %#lx bytes is %#lx, must be %#lx",
		       bundle_type_name(section->type), section->stored_size,
		       sum, section->checksum.sum64);
	if (crc != section->checksum.crc32c)
		refuse("bundle: section %u (%s): CRC-32C is %#x, must be %#x",
		       index, name, crc, section->checksum.crc32c);
	sha256(digest, stored.data, stored.size);
	if ((section->flags & BUNDLE_SECTION_HAS_SHA256) != 0 &&
	    memcmp(digest, section->sha256, sizeof(digest)) != 0)
		refuse("bundle: section %u (%s): SHA-256 does not match", index,
		       name);
	image_loaded(image, index); /* It refuses what does not unpack. */
	if (section->type == BUNDLE_SECTION_PARAVISOR)
		bundle_check_paravisor((const void *)stored.data, stored.size);
}

static void check_bundle(const struct image *image)
{
	const uint8_t *base = image->bundle.data;
	const uint8_t *done =
		base + sizeof(image->header) +
		image->header.section_count * sizeof(*image->sections);

	for (unsigned i = 0; i < image->header.section_count; i++) {
		struct bytes stored = image_stored(image, i);

		check_zeros("bundle", done, stored.data);
		check_section(image, i);
		done = stored.data + stored.size;
	}
	check_zeros("bundle", done, base + image->bundle.size);
}

/* The blob applies relocations at some boots only, so they are tried here. */
static void check_relocs(const struct image *image,
                         const struct payload *payload)
{
	const struct source *relocs = &payload->relocs;
	struct bytes kernel;

	if (relocs->kind == SOURCE_NONE || payload->segment_count == 0)
		return;
	relocs_check(relocs->data, relocs->size);
	kernel = image_kernel(image);
	if (kernel.size >= sizeof(uint64_t))
		relocs_apply(relocs->data, relocs->size, (uint8_t *)kernel.data,
		             kernel.size, 1);
}

/* Refuses a payload that the blob would not boot on any machine. */
static void check_payload(const struct image *image)
{
	struct trial *trial = allocate(sizeof(*trial));

	trial_open_image(trial, image);
	trial_place(trial);
	check_relocs(image, &trial->payload);
}

void image_prove(const struct image *image)
{
	if (image->igvm != NULL && image->arch != image->igvm->igvm.arch)
		refuse("IGVM: for %s: what is in it is for %s",
		       arch_name(image->igvm->igvm.arch),
		       arch_name(image->arch));
	if (image->bundle.size == 0 && image->record.blob_size == 0)
		refuse("a blob as built, without a bundle: nothing in it to "
		       "check");
	if (image->blob.size > 0)
		check_blob(image);
	check_outside(image);
	if (image->bundle.size > 0) {
		check_bundle(image);
		check_payload(image);
	}
	if (image->igvm != NULL)
		igvm_own_prove(image->igvm);
}
