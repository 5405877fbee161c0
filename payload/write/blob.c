/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * payload/write/blob.c - finds the blob, and writes a file of blob and bundle
 */
#include "payload/write/blob.h"

#include <stdlib.h>

#include "common/spec/linux_arm64.h"
#include "payload/judge/elf_door.h"
#include "payload/lib/crc32c.h"

static const char *find_blob(uint32_t arch, enum blob_kind kind)
{
	char name[64];

	snprintf(name, sizeof(name), "directboot-%s%s", arch_name(arch),
	         kind == BLOB_IGVM ? "-igvm.bin" : ".rom");
	return place_find(name, "; --blob FILE names it");
}

void blob_open(struct image *blob, const char *path, uint32_t arch,
               enum blob_kind kind)
{
	struct bytes file;

	if (path == NULL)
		path = find_blob(arch, kind);
	file = file_read(path);
	refuse_about(path);
	image_open(blob, file);
	if (blob->blob.size == 0)
		refuse("a bundle: must be a blob");
	if (blob->arch != arch)
		refuse("a blob for %s: the kernel is for %s",
		       arch_name(blob->arch), arch_name(arch));
	blob->blob = image_bare_blob(blob);
	refuse_about(NULL);
}

/* Copies the blob and fills the record that tells where the bundle is. */
static struct bytes make_copy(const struct image *blob, uint64_t size,
                              int64_t bundle_offset, uint64_t bundle_size)
{
	uint8_t *data = allocate(size);
	struct bytes copy = { data, size };
	struct bundle_record record = {
		.magic = BUNDLE_RECORD_MAGIC,
		.bundle_offset = bundle_offset,
		.bundle_size = bundle_size,
		.blob_size = (uint32_t)size,
	};

	memcpy(data, blob->blob.data, blob->blob.size);
	/*
	 * The loader must keep free the bundle, and behind it the memory that
	 * the blob works in.
	 */
	if (blob->arch == BUNDLE_ARCH_AARCH64)
		((struct image_header *)data)->image_size += bundle_size;
	record.blob_crc32c = image_blob_crc32c(&copy, blob->record_offset);
	memcpy(data + blob->record_offset, &record, sizeof(record));
	return copy;
}

/* A plan without sections is no bundle: the blob then looks elsewhere. */
static uint64_t bundle_size(const struct plan *plan)
{
	return plan->header.section_count > 0 ? plan->header.total_size : 0;
}

uint64_t blob_packed_size(const struct image *blob, const struct plan *plan)
{
	uint64_t total = bundle_size(plan);

	if (blob->arch == BUNDLE_ARCH_AARCH64)
		return align_up(blob->blob.size, BUNDLE_ALIGN) + total;
	if (elf_door_is_in(&blob->blob))
		total += ELF_DOOR_SIZE;
	total = align_up(total + blob->blob.size, plan->file_align);
	return max_u64(total, plan->file_size);
}

static struct elf_door_kernel packed_kernel(const struct plan *plan)
{
	struct elf_door_kernel kernel = { 0 };

	for (unsigned i = 0; i < plan->header.section_count; i++)
		elf_door_add(&kernel, &plan->sections[i].header,
		             &plan->sections[i].stored);
	return kernel;
}

bool blob_packs_elf(const struct image *blob, const struct plan *plan)
{
	return elf_door_fits(&blob->blob, blob_packed_size(blob, plan));
}

bool blob_packs_bzimage(const struct image *blob, const struct plan *plan)
{
	const struct elf_door_kernel kernel = packed_kernel(plan);

	return blob_packs_elf(blob, plan) && !plan->is_no_bzimage &&
	       elf_door_may_be_bzimage(&blob->blob,
	                               blob_packed_size(blob, plan), &kernel);
}

/* Writes what is before the bundle: headers of a kernel, if any, and zeros. */
static void write_front(const struct image *blob, const struct plan *plan)
{
	uint64_t size = blob_packed_size(blob, plan);
	uint64_t front = size - bundle_size(plan) - blob->blob.size;
	uint8_t header[ELF_DOOR_SIZE];
	const struct elf_door_kernel kernel = packed_kernel(plan);

	if (elf_door_make(header, &blob->blob, size, &kernel,
	                  !plan->is_no_bzimage)) {
		output_write(header, sizeof(header));
		front -= sizeof(header);
	}
	output_zeros(front);
}

void blob_write_packed(const struct image *blob, struct plan *plan)
{
	uint64_t total = bundle_size(plan);
	uint64_t size = blob->blob.size;
	struct bytes copy;

	if (blob->arch == BUNDLE_ARCH_X86_64) {
		copy = make_copy(blob, size, -(int64_t)total, total);
		write_front(blob, plan);
		if (total > 0)
			plan_write(plan);
		output_write(copy.data, copy.size);
	} else {
		size = align_up(size, BUNDLE_ALIGN);
		copy = make_copy(blob, size, total > 0 ? (int64_t)size : 0,
		                 total);
		output_write(copy.data, copy.size);
		if (total > 0)
			plan_write(plan);
	}
}
