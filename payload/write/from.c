/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/write/from.c - takes a packed file apart, see from.h */
#include "payload/write/from.h"

#include "payload/judge/proof.h"
#include "payload/read/elf.h"
#include "payload/read/open.h"

void from_open(struct image *old, const char *path)
{
	struct bytes file = file_read(path);

	refuse_about(path);
	image_open(old, file);
	if (old->bundle.size == 0)
		refuse("--from: holds no bundle");
	image_prove(old);
	if (old->header.kernel_kind == BUNDLE_KERNEL_NONE)
		refuse("--from: has no kernel, but the pin of another bundle");
	refuse_about(NULL);
}

struct bytes from_part(const struct image *old, enum bundle_section_type type)
{
	for (unsigned i = 0; i < old->header.section_count; i++)
		if (old->sections[i].type == type)
			return image_loaded(old, i);
	return (struct bytes){ 0 };
}

static uint64_t lowest_segment(const struct image *old)
{
	uint64_t base = UINT64_MAX;

	for (unsigned i = 0; i < old->header.section_count; i++)
		if (old->sections[i].type == BUNDLE_SECTION_KERNEL_SEGMENT)
			base = min_u64(base, old->sections[i].paddr);
	return base;
}

void from_open_kernel(struct kernel_file *kernel, const struct image *old)
{
	kernel_describe(kernel, "packed file");
	if (old->header.kernel_kind != BUNDLE_KERNEL_SEGMENTS) {
		kernel_open(kernel, from_part(old, BUNDLE_SECTION_KERNEL),
		            true);
		return;
	}
	kernel->vmlinux = image_kernel(old);
	elf_open_flat(kernel, lowest_segment(old), old->header.entry);
	kernel->relocs = from_part(old, BUNDLE_SECTION_RELOCS);
}
