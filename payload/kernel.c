/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/kernel.c - tells the formats of kernels apart; see kernel.h */
#include "payload/kernel.h"

#include <stdarg.h>

#include "payload/unpack.h"

#define BANNER_MAX 512
#define WRAP_MAX   4 /* a UKI of a zboot of a zstd, and little further */

void kernel_describe(struct kernel_file *kernel, const char *format, ...)
{
	size_t used = strlen(kernel->format);
	va_list args;

	if (used > 0 && used + 2 < sizeof(kernel->format)) {
		memcpy(kernel->format + used, ", ", 3);
		used += 2;
	}
	va_start(args, format);
	vsnprintf(kernel->format + used, sizeof(kernel->format) - used, format,
	          args);
	va_end(args);
}

static NORETURN void refuse_unknown(const struct bytes *file)
{
	char start[3 * 8 + 1] = "";

	for (unsigned i = 0; i < min_u64(file->size, 8); i++)
		snprintf(start + 3 * i, 4, " %02x", file->data[i]);
	refuse("kernel: %#lx bytes, starting with%s: no ELF vmlinux, bzImage, "
	       "arm64 Image, zboot or unified kernel image",
	       (unsigned long)file->size, start);
}

/* Takes one wrapping off; false: there is none that is known. */
static bool unwrap(struct kernel_file *kernel, struct bytes *file)
{
	if (kernel_is_zboot(file)) {
		kernel_describe(kernel, "EFI zboot");
		*file = kernel_zboot_payload(file);
	} else if (kernel_is_uki(file)) {
		*file = kernel_open_uki(kernel, file);
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
		if (kernel_is_elf(&file)) {
			kernel_open_elf(kernel, &file);
			return;
		}
		if (kernel_is_bzimage(&file)) {
			kernel_open_bzimage(kernel, &file, keep_bzimage);
			return;
		}
		if (kernel_is_image(&file)) {
			kernel_open_image(kernel, &file);
			return;
		}
		if (!unwrap(kernel, &file))
			break;
	}
	refuse_unknown(&file);
}

/* Builds before the last one of a kernel leave a banner without a number. */
static bool is_whole(const char *text)
{
	const char *number = strchr(text, '#');

	return number != NULL && number[1] >= '0' && number[1] <= '9';
}

const char *kernel_banner(const struct bytes *vmlinux)
{
	static const char banner[] = "Linux version ";
	const char *at = (const char *)vmlinux->data;
	const char *end = at + vmlinux->size;
	char *best = NULL;

	while (at != NULL && at < end) {
		size_t size;

		at = memmem(at, (size_t)(end - at), banner, sizeof(banner) - 1);
		if (at == NULL)
			break;
		at += sizeof(banner) - 1;
		size = strnlen(
			at, (size_t)min_u64((uint64_t)(end - at), BANNER_MAX));
		if (size == 0 || *at == '%') /* a format string */
			continue;
		best = allocate(size + 1);
		memcpy(best, at, size);
		best[strcspn(best, "\n")] = '\0';
		if (is_whole(best))
			break;
	}
	return best;
}
