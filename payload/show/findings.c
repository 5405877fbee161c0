/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/show/findings.c - finds what show tells, see findings.h */
#include "payload/show/findings.h"

#include "common/payload/bundle_table.h"
#include "payload/judge/elf_door.h"
#include "payload/judge/trial.h"
#include "payload/read/bzimage.h"
#include "payload/read/kernel.h"

const char *findings_kernel_name(uint32_t kernel_kind)
{
	static const char *const names[BUNDLE_KERNEL_KIND_COUNT] = {
		"none",
		"unpacked vmlinux",
		"bzImage",
		"arm64 Image",
	};

	return names[kernel_kind];
}

const char *findings_compression_name(uint32_t compression)
{
	static const char *const names[BUNDLE_COMPRESSION_COUNT] = {
		"none",
		"lz4",
		"zstd",
	};

	return names[compression];
}

const char *findings_on_error_name(uint32_t on_error)
{
	static const char *const names[BUNDLE_ON_ERROR_COUNT] = {
		"halt",
		"poweroff",
		"reset",
	};

	return names[on_error];
}

static const char *find_version(const struct image *image, unsigned index)
{
	struct bytes loaded = image_loaded(image, index);

	if (image->header.kernel_kind == BUNDLE_KERNEL_BZIMAGE)
		return bzimage_is(&loaded) ? bzimage_version(&loaded) : NULL;
	return kernel_banner(&loaded);
}

static void find_section(struct findings *findings, unsigned index)
{
	const struct image *image = &findings->image;
	const struct bundle_section *section = &image->sections[index];
	const uint8_t *stored = image_stored(image, index).data;

	switch (section->type) {
	case BUNDLE_SECTION_KERNEL_SEGMENT:
	case BUNDLE_SECTION_KERNEL:
		if (findings->version == NULL)
			findings->version = find_version(image, index);
		break;
	case BUNDLE_SECTION_CMDLINE:
		findings->cmdline = (const char *)stored;
		if (memchr(findings->cmdline, '\0', section->size) == NULL)
			refuse("bundle: command line: has no end");
		break;
	case BUNDLE_SECTION_PIN:
		if (section->size == SHA256_SIZE)
			text_digest(findings->pin, stored);
		break;
	case BUNDLE_SECTION_PARAVISOR:
		bundle_check_paravisor((const void *)stored, section->size);
		findings->paravisor = (const void *)stored;
		break;
	default:
		break;
	}
}

static void find_digest(struct findings *findings)
{
	const struct bytes *bundle = &findings->image.bundle;
	uint8_t digest[SHA256_SIZE];

	sha256(digest, bundle->data, bundle->size);
	text_digest(findings->digest, digest);
}

static const char *describe_tables(const struct bundle_header *header)
{
	if ((header->flags & BUNDLE_FLAG_DEVICE_TREE) != 0)
		return "device-tree";
	return (header->flags & BUNDLE_FLAG_VMM_ACPI) != 0 ? "acpi=vmm"
	                                                   : "acpi=own";
}

static uint64_t find_ram_size(const struct image *image)
{
	struct trial *trial = allocate(sizeof(*trial));

	trial_open_image(trial, image);
	return trial_ram_size(trial);
}

static void find_bundle(struct findings *findings)
{
	const struct image *image = &findings->image;

	for (unsigned i = 0; i < image->header.section_count; i++)
		find_section(findings, i);
	findings->description = describe_tables(&image->header);
	findings->ram_size = find_ram_size(image);
	if (image->igvm != NULL && image->arch == BUNDLE_ARCH_X86_64)
		findings->ram_size = max_u64(
			findings->ram_size,
			image->igvm->base + image->igvm->params.run_size);
	if (findings->file.is_elf)
		findings->elf_ram_size = max_u64(
			findings->ram_size, elf_door_load_end(&image->file));
	find_digest(findings);
}

/* Finds the ways in which a VMM can start the blob. */
static void find_doors(struct findings *findings)
{
	const struct vmm_file *file = &findings->file;
	const char **door = findings->doors;

	if (findings->image.igvm != NULL) {
		*door = "IGVM";
		return;
	}
	*door++ = "reset";
	if (file->arch == BUNDLE_ARCH_AARCH64) {
		*door++ = "Linux Image";
		return;
	}
	if (file->size == BUNDLE_LOW_BIOS_SIZE)
		*door++ = "low BIOS";
	if (file->is_elf) {
		*door++ = "PVH";
		*door++ = "64-bit Linux";
	}
	if (file->is_bzimage)
		*door++ = "bzImage";
}

void findings_open(struct findings *findings, const char *path,
                   const struct bytes *file)
{
	struct image *image = &findings->image;
	bool has_blob, has_bundle;

	*findings = (struct findings){ .path = path };
	image_open(image, *file);
	has_blob = image->blob.size > 0;
	has_bundle = image->bundle.size > 0;
	findings->kind = !has_blob     ? "bundle"
	                 : !has_bundle ? "blob"
	                               : "blob and bundle";
	findings->file = (struct vmm_file){
		.arch = image->arch,
		.size = file->size,
		.is_elf = elf_door_is_in(file),
		.is_bzimage = elf_door_has_bzimage(file),
		.igvm_hosts = image->igvm != NULL ? image->igvm->hosts : 0,
	};
	if (has_blob)
		find_doors(findings);
	if (has_bundle)
		find_bundle(findings);
}
