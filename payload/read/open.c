/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/read/open.c - tells the formats of kernels apart; see open.h */
#include "payload/read/open.h"

#include "payload/read/arm64.h"
#include "payload/read/bzimage.h"
#include "payload/read/elf.h"
#include "payload/read/uki.h"
#include "payload/read/unpack.h"

#define WRAP_MAX 4 /* A UKI with a zboot with zstd data has three. */

/* People give these files by mistake. */
static const struct other {
	unsigned offset;
	unsigned size;
	const char *magic;
	const char *what;
} others[] = {
	{ 0, 5, "07070", "a cpio archive: --initrd takes it" },
	{ 0, 2, "\xc7\x71", "a cpio archive of the old kind" },
	{ 257, 5, "ustar", "a tar archive" },
	{ 0, 4, "\xd0\x0d\xfe\xed", "a device tree: --dtb takes it" },
	{ 0, 4, "hsqs", "a squashfs file system" },
	{ 0, 4, "QFI\xfb", "a QCOW2 disk image" },
	{ 0, 2, "#!", "a script" },
	{ 0, 7, "!<arch>", "a static library or a package" },
};

static NORETURN void refuse_unknown(const struct kernel_file *kernel,
                                    const struct bytes *file)
{
	const char *within = kernel->format[0] != '\0' ? ", and in it " : "";
	char start[3 * 8 + 1] = "";
	char size[16];

	for (unsigned i = 0; i < ARRAY_COUNT(others); i++)
		if (is_within(others[i].offset, others[i].size, file->size) &&
		    memcmp(file->data + others[i].offset, others[i].magic,
		           others[i].size) == 0)
			refuse("kernel: %s%s%s", kernel->format, within,
			       others[i].what);
	for (unsigned i = 0; i < min_u64(file->size, 8); i++)
		snprintf(start + 3 * i, 4, " %02x", file->data[i]);
	refuse("kernel: %s%s%s, starting with%s: no ELF vmlinux, bzImage, "
	       "arm64 Image, zboot or unified kernel image",
	       kernel->format, within, text_size(size, file->size), start);
}

/* Takes one wrapping off. Returns false if there is no known one. */
static bool unwrap(struct kernel_file *kernel, struct bytes *file)
{
	if (arm64_is_zboot(file)) {
		kernel_describe(kernel, "EFI zboot");
		*file = arm64_zboot_payload(file);
	} else if (uki_is(file)) {
		*file = uki_open_parts(kernel, file);
	} else if (unpack_name(file) != NULL) {
		kernel_describe(kernel, "%s", unpack_name(file));
		*file = unpack(file, "kernel");
	} else {
		return false;
	}
	return true;
}

void kernel_open(struct kernel_file *kernel, struct bytes file,
                 bool keep_bzimage)
{
	for (int i = 0; i <= WRAP_MAX; i++) {
		if (elf_is(&file)) {
			elf_open(kernel, &file);
			return;
		}
		if (bzimage_is(&file)) {
			bzimage_open(kernel, &file, keep_bzimage);
			return;
		}
		if (arm64_is_image(&file)) {
			arm64_open_image(kernel, &file);
			return;
		}
		if (!unwrap(kernel, &file))
			break;
	}
	refuse_unknown(kernel, &file);
}
