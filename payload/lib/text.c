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

/*
 * Controls tell a terminal what to do, some of them in two bytes, and others
 * begin a new line or turn the order of what follows around.
 */
static bool is_control(uint32_t code)
{
	return code < 0x20 || (code >= 0x7f && code < 0xa0) ||
	       (code >= 0x2028 && code <= 0x202e) ||
	       (code >= 0x2066 && code <= 0x2069);
}

/* RFC 3629, section 4: UTF-8. Longer forms of lower codes are none. */
static unsigned utf8_size(const unsigned char *text, uint32_t *code)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	unsigned size = *text < 0x80   ? 1
	                : *text < 0xc0 ? 0
	                : *text < 0xe0 ? 2
	                : *text < 0xf0 ? 3
	                : *text < 0xf8 ? 4
	                               : 0;

	*code = size > 1 ? *text & (0x7fu >> size) : *text;
	for (unsigned i = 1; i < size; i++) {
		if ((text[i] & 0xc0) != 0x80)
			return 0;
		*code = *code << 6 | (text[i] & 0x3f);
	}
	return *code >= least[size] && *code <= 0x10ffff ? size : 0;
}

unsigned text_character_size(const char *text)
{
	uint32_t code;
	unsigned size = utf8_size((const unsigned char *)text, &code);

	return size > 0 && !is_control(code) ? size : 0;
}

void text_print(FILE *file, const char *text)
{
	while (*text != '\0') {
		unsigned size = text_character_size(text);

		if (size == 0)
			putc('?', file);
		else
			fwrite(text, 1, size, file);
		text += max_u64(size, 1);
	}
}

const char *text_digest(char buffer[65], const uint8_t digest[32])
{
	for (int i = 0; i < 32; i++)
		snprintf(buffer + 2 * i, 3, "%02x", digest[i]);
	return buffer;
}
