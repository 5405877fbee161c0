/* SPDX-License-Identifier: BSD-2-Clause */
/* payload/lib/text.c - prints numbers and digests; see tool.h */
#include "common/spec/bundle.h"
#include "payload/lib/tool.h"

const char *text_size(char *buffer, uint64_t size)
{
	static const char units[] = "KMGT";
	double value = (double)size / 1024;
	int unit = 0;

	if (size < 1024) {
		snprintf(buffer, 16, "%u B", (unsigned)size);
		return buffer;
	}
	for (; value >= 1024 && unit < 3; unit++)
		value /= 1024;
	snprintf(buffer, 16, "%.1f %ciB", value, units[unit]);
	return buffer;
}

const char *arch_name(uint32_t arch)
{
	return arch == BUNDLE_ARCH_X86_64    ? "x86_64"
	       : arch == BUNDLE_ARCH_AARCH64 ? "aarch64"
	                                     : "unknown";
}

const char *text_digest(char buffer[65], const uint8_t digest[32])
{
	for (int i = 0; i < 32; i++)
		snprintf(buffer + 2 * i, 3, "%02x", digest[i]);
	return buffer;
}
