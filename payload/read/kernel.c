/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/read/kernel.c - what all kernel formats need; see kernel.h */
#include "payload/read/kernel.h"

#include <stdarg.h>
#include <stdlib.h>

#define BANNER_MAX 512

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

/* A kernel may also hold an earlier banner, which has no build number yet. */
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

	while (at < end) {
		size_t size;

		at = memmem(at, (size_t)(end - at), banner, sizeof(banner) - 1);
		if (at == NULL)
			break;
		at += sizeof(banner) - 1;
		size = strnlen(
			at, (size_t)min_u64((uint64_t)(end - at), BANNER_MAX));
		if (size == 0 || *at == '%') /* It is a format string. */
			continue;
		free(best);
		best = allocate(size + 1);
		memcpy(best, at, size);
		best[strcspn(best, "\n")] = '\0';
		if (is_whole(best))
			break;
	}
	return best;
}
