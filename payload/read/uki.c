/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * payload/read/uki.c - reads a unified kernel image: a PE file with a kernel
 *
 * Microsoft's "PE Format" and UAPI.5, "Unified Kernel Image".
 */
#include "payload/read/uki.h"

#define PE_OFFSET         0x3c
#define COFF_SIZE         24 /* bytes, with the signature */
#define COFF_SECTIONS     6
#define COFF_OPTIONAL     20
#define SECTION_SIZE      40
#define SECTION_VIRTUAL   8
#define SECTION_RAW_SIZE  16
#define SECTION_RAW_START 20

/* Returns the bytes from the PE header on; size 0 if it is not a PE file. */
static struct bytes find_coff(const struct bytes *file)
{
	uint32_t offset;

	if (file->size < PE_OFFSET + 4 || memcmp(file->data, "MZ", 2) != 0)
		return (struct bytes){ 0 };
	offset = load_le32(file->data + PE_OFFSET);
	if (!is_within(offset, COFF_SIZE, file->size) ||
	    memcmp(file->data + offset, "PE\0\0", 4) != 0)
		return (struct bytes){ 0 };
	return (struct bytes){ file->data + offset, file->size - offset };
}

/*
 * Finds the first section of this name. Sections of further profiles come
 * later. The raw size is rounded up to an alignment; the virtual size is exact.
 */
static bool find_section(struct bytes *found, const struct bytes *file,
                         const char *name)
{
	struct bytes coff = find_coff(file);
	char padded[8] = "";
	uint64_t table;
	unsigned count;

	if (coff.size == 0)
		return false;
	memcpy(padded, name, strlen(name));
	count = load_le16(coff.data + COFF_SECTIONS);
	table = COFF_SIZE + load_le16(coff.data + COFF_OPTIONAL);
	if (!is_within(table, count * SECTION_SIZE, coff.size))
		return false;
	for (unsigned i = 0; i < count; i++) {
		const uint8_t *section = coff.data + table + i * SECTION_SIZE;

		if (memcmp(section, padded, sizeof(padded)) != 0)
			continue;
		*found = bytes_slice(
			file, "kernel: PE section",
			load_le32(section + SECTION_RAW_START),
			min_u64(load_le32(section + SECTION_VIRTUAL),
		                load_le32(section + SECTION_RAW_SIZE)));
		return true;
	}
	return false;
}

bool uki_is(const struct bytes *file)
{
	struct bytes linux_section;

	return find_section(&linux_section, file, ".linux");
}

struct bytes uki_open_parts(struct kernel_file *kernel,
                            const struct bytes *file)
{
	struct bytes linux_section = { 0 };

	kernel_describe(kernel, "unified kernel image");
	find_section(&linux_section, file, ".linux");
	find_section(&kernel->microcode, file, ".ucode");
	find_section(&kernel->initrd, file, ".initrd");
	find_section(&kernel->cmdline, file, ".cmdline");
	find_section(&kernel->dtb, file, ".dtb");
	return linux_section;
}
