/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/payload/uki.c - opens a unified kernel image
 *
 * Microsoft "PE Format", sections "MS-DOS Stub", "COFF File Header" and
 * "Section Table"; UAPI.5 "Unified Kernel Image". The format has no checksum,
 * so none is checked.
 */
#include "common/payload/uki.h"

#include "common/arch.h"
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

bool uki_is_at(const void *base, uint64_t size)
{
	return size >= DOS_HEADER_SIZE && load_le16(base) == PE_DOS_MAGIC;
}

/* Returns a section's name, of up to eight characters, as a number. */
static uint64_t name_word(const char name[8])
{
	uint64_t word;

	__builtin_memcpy(&word, name, sizeof(word));
	return word;
}

/* Returns where the payload keeps the section, or NULL if it does not. */
static struct source *find_place(struct payload *payload, uint64_t name)
{
	if (name == name_word(".linux\0"))
		return &payload->kernel;
	if (name == name_word(".initrd"))
		return &payload->initrd;
	if (name == name_word(".cmdline"))
		return &payload->cmdline;
	if (name == name_word(".dtb\0\0\0"))
		return &payload->dtb;
	return NULL;
}

/*
 * Takes the first section of each name. Sections of further profiles come
 * later.
 */
static void add_section(struct payload *payload, const uint8_t *file,
                        uint64_t file_size, const uint8_t *header)
{
	struct source *place = find_place(payload, load_le64(header));
	uint32_t offset = load_le32(header + SECTION_RAW_OFFSET);
	/*
	 * The file's part may be longer than the section, and the section may
	 * be longer in memory than in the file.
	 */
	uint64_t size = min_u64(load_le32(header + SECTION_VIRTUAL_SIZE),
	                        load_le32(header + SECTION_RAW_SIZE));

	if (!place || place->kind != SOURCE_NONE)
		return;
	if (!is_within(offset, size, file_size))
		panic("uki: section at %#lx: %#lx bytes at %#x: there are %#lx",
		      (uint64_t)(header - file), size, offset, file_size);
	*place = (struct source){
		.kind = SOURCE_MEMORY,
		.stored_size = size,
		.size = size,
		.data = file + offset,
	};
}

void uki_open(struct payload *payload, const void *base, uint64_t size)
{
	const uint8_t *file = base;
	uint64_t offset = load_le32(file + DOS_PE_OFFSET);
	const uint8_t *header = file + offset;
	uint32_t count;

	if (!is_within(offset, PE_HEADER_SIZE, size) ||
	    load_le32(header) != PE_MAGIC)
		panic("uki: %#lx bytes: no PE header at %#lx", size, offset);
	if (load_le16(header + PE_MACHINE) != arch_pe_machine)
		panic("uki: for machine %#x: this is %#x",
		      load_le16(header + PE_MACHINE), arch_pe_machine);
	count = load_le16(header + PE_SECTION_COUNT);
	offset += PE_HEADER_SIZE + load_le16(header + PE_OPTIONAL_SIZE);
	if (!is_within(offset, count * SECTION_SIZE, size))
		panic("uki: %u sections at %#lx: there are %#lx bytes", count,
		      offset, size);
	for (; count; count--, offset += SECTION_SIZE)
		add_section(payload, file, size, file + offset);
	if (payload->kernel.kind == SOURCE_NONE)
		panic("uki: has no .linux");
	payload->origin = "uki";
}
