/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/payload/uki_file.c - finds sections of a unified kernel image
 *
 * Microsoft "PE Format", sections "MS-DOS Stub", "COFF File Header" and
 * "Section Table"; UAPI.5 "Unified Kernel Image". The format has no checksum,
 * so none is checked.
 */
#include "common/payload/uki_file.h"

#include "common/lib/console.h"

#define DOS_HEADER_SIZE  0x40
#define DOS_PE_OFFSET    0x3c
#define PE_MAGIC         0x4550 /* "PE", 0, 0 */
#define PE_HEADER_SIZE   24     /* signature and COFF file header */
#define PE_MACHINE       4
#define PE_SECTION_COUNT 6
#define PE_OPTIONAL_SIZE 20

/* Offsets of fields in a section header, which starts with its name. */
#define SECTION_SIZE         40
#define SECTION_VIRTUAL_SIZE 8
#define SECTION_RAW_SIZE     16
#define SECTION_RAW_OFFSET   20

bool uki_file_is_at(const void *data, uint64_t size)
{
	return size >= DOS_HEADER_SIZE && load_le16(data) == PE_DOS_MAGIC;
}

bool uki_file_open(struct uki_file *file, const void *data, uint64_t size)
{
	uint64_t offset = load_le32((const uint8_t *)data + DOS_PE_OFFSET);
	const uint8_t *header = (const uint8_t *)data + offset;

	if (!is_within(offset, PE_HEADER_SIZE, size) ||
	    load_le32(header) != PE_MAGIC)
		return false;
	file->data = data;
	file->size = size;
	file->profile = 0;
	file->machine = load_le16(header + PE_MACHINE);
	file->section_count = load_le16(header + PE_SECTION_COUNT);
	offset += PE_HEADER_SIZE + load_le16(header + PE_OPTIONAL_SIZE);
	file->sections = file->data + offset;
	return is_within(offset, file->section_count * SECTION_SIZE, size);
}

/* Returns the header of the section that counts, or NULL. */
static const uint8_t *find_header(const struct uki_file *file, uint64_t name)
{
	const uint8_t *header = file->sections;
	const uint8_t *found = NULL;
	uint32_t profile_count = 0; /* so far; 0 in the base */

	for (uint32_t i = file->section_count; i; i--) {
		uint64_t word = load_le64(header);

		if (word == load_le64(".profile"))
			profile_count++;
		if (word == name) {
			if (profile_count == file->profile + 1)
				return header;
			if (profile_count == 0 && !found)
				found = header;
		}
		header += SECTION_SIZE;
	}
	return found;
}

bool uki_file_has_profile(const struct uki_file *file)
{
	const uint8_t *header = file->sections;
	uint32_t left = file->profile;

	for (uint32_t i = file->section_count; i && left != UINT32_MAX; i--) {
		if (load_le64(header) == load_le64(".profile"))
			left--;
		header += SECTION_SIZE;
	}
	return !file->profile || left == UINT32_MAX;
}

bool uki_file_find(struct uki_section *found, const struct uki_file *file,
                   const char name[UKI_NAME_SIZE])
{
	const uint8_t *header = find_header(file, load_le64(name));
	uint32_t offset;

	if (!header)
		return false;
	offset = load_le32(header + SECTION_RAW_OFFSET);
	/*
	 * The file's part may be longer than the section, and the section may
	 * be longer in memory than in the file.
	 */
	found->size = min_u64(load_le32(header + SECTION_VIRTUAL_SIZE),
	                      load_le32(header + SECTION_RAW_SIZE));
	found->data = file->data + offset;
	if (!is_within(offset, found->size, file->size))
		panic("uki: %s: %#lx bytes at %#x: there are %#lx", name,
		      found->size, offset, file->size);
	return true;
}

const char *uki_file_name(const struct uki_file *file, uint32_t index)
{
	return (const char *)file->sections + index * SECTION_SIZE;
}
