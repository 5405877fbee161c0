/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * payload/read/arm64.c - reads an arm64 Image, and the zboot file around one
 *
 * Linux Documentation/arm64/booting.rst, "Call the kernel image", defines the
 * Image; Linux drivers/firmware/efi/libstub defines the header of zboot.
 */
#include "payload/read/arm64.h"

#include "arch/aarch64/place/room.h"
#include "common/payload/uki_file.h"
#include "common/spec/linux_arm64.h"

bool arm64_is_image(const struct bytes *file)
{
	struct image_header header;

	if (file->size < sizeof(header))
		return false;
	memcpy(&header, file->data, sizeof(header));
	return header.magic == IMAGE_MAGIC;
}

void arm64_open_image(struct kernel_file *kernel, const struct bytes *file)
{
	struct image_header header;

	memcpy(&header, file->data, sizeof(header));
	image_check(&header, file->size);
	kernel_describe(kernel, "arm64 Image");
	kernel->arch = BUNDLE_ARCH_AARCH64;
	kernel->kind = BUNDLE_KERNEL_IMAGE;
	kernel->image = *file;
	kernel->vmlinux = *file;
	kernel->cmdline_max = LINUX_CMDLINE_MAX;
}

static bool read_zboot(struct zboot_header *header, const struct bytes *file)
{
	if (file->size < sizeof(*header))
		return false;
	memcpy(header, file->data, sizeof(*header));
	return load_le16(file->data) == PE_DOS_MAGIC &&
	       header->magic == ZBOOT_MAGIC;
}

bool arm64_is_zboot(const struct bytes *file)
{
	struct zboot_header header;

	return read_zboot(&header, file);
}

struct bytes arm64_zboot_payload(const struct bytes *file)
{
	struct zboot_header header = { 0 };

	read_zboot(&header, file);
	return bytes_slice(file, "kernel: zboot payload", header.payload_offset,
	                   header.payload_size);
}
