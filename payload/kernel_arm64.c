/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * payload/kernel_arm64.c - an arm64 Image, and the EFI zboot file around one
 *
 * As in Linux Documentation/arm64/booting.rst, "Call the kernel image"; zboot
 * as its header says about itself (drivers/firmware/efi/libstub).
 */
#include "payload/kernel.h"

#define IMAGE_HEADER_SIZE    64
#define IMAGE_FLAGS          24
#define IMAGE_MAGIC          56
#define FLAG_BIG_ENDIAN      1

#define ZBOOT_MAGIC          4
#define ZBOOT_PAYLOAD_OFFSET 8
#define ZBOOT_PAYLOAD_SIZE   12
#define ZBOOT_HEADER_SIZE    64

bool kernel_is_image(const struct bytes *file)
{
	return file->size >= IMAGE_HEADER_SIZE &&
	       memcmp(file->data + IMAGE_MAGIC, "ARM\x64", 4) == 0;
}

void kernel_open_image(struct kernel_file *kernel, const struct bytes *file)
{
	if ((load_le64(file->data + IMAGE_FLAGS) & FLAG_BIG_ENDIAN) != 0)
		refuse("kernel: big-endian arm64 Image: must be little-endian");
	kernel_describe(kernel, "arm64 Image");
	kernel->arch = BUNDLE_ARCH_AARCH64;
	kernel->kind = BUNDLE_KERNEL_IMAGE;
	kernel->image = *file;
	kernel->vmlinux = *file;
	kernel->cmdline_max = KERNEL_CMDLINE_MAX;
}

bool kernel_is_zboot(const struct bytes *file)
{
	return file->size >= ZBOOT_HEADER_SIZE &&
	       memcmp(file->data, "MZ", 2) == 0 &&
	       memcmp(file->data + ZBOOT_MAGIC, "zimg", 4) == 0;
}

struct bytes kernel_zboot_payload(const struct bytes *file)
{
	return bytes_slice(file, "kernel: zboot payload",
	                   load_le32(file->data + ZBOOT_PAYLOAD_OFFSET),
	                   load_le32(file->data + ZBOOT_PAYLOAD_SIZE));
}
