/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * payload/elf_door.c - the header that makes an x86_64 ROM an ELF file too
 *
 * VMMs that take kernels take ELF files, entered by Linux's 64-bit protocol or
 * by PVH (Xen docs/misc/pvh.pandoc), which a note tells. The blob alone is such
 * a file; a packed ROM becomes one by a header of the same kind in its first
 * page, with all of the ROM as its only segment.
 */
#include "payload/elf_door.h"

#include <elf.h>

#include "payload/kernel.h"

#define NOTE_NAME           "Xen"
#define NOTE_PHYS32_ENTRY   18
#define PLACE_ALIGN         0x200000
#define PLACE_END           (1ull << 30) /* the blob maps no more at first */
#define KERNEL_END_UNKNOWN  0x4000000
#define BZIMAGE_PREFERRED   0x258
#define BZIMAGE_INIT_SIZE   0x260
#define BZIMAGE_HEADER_SIZE 0x264

struct note {
	uint32_t name_size;
	uint32_t size;
	uint32_t type;
	char name[4];
	uint64_t entry;
};

struct door {
	Elf64_Ehdr elf;
	Elf64_Phdr load;
	Elf64_Phdr note;
	struct note pvh;
};

static_assert(sizeof(struct door) == 64 + 2 * 56 + 24, "System V ABI");

/* The blob's own header, whose entries serve. */
static bool read_door(struct door *door, const struct bytes *blob)
{
	if (blob->size < sizeof(*door))
		return false;
	memcpy(door, blob->data, sizeof(*door));
	return memcmp(door->elf.e_ident, ELFMAG, SELFMAG) == 0 &&
	       door->elf.e_phoff == offsetof(struct door, load) &&
	       door->elf.e_phnum == 2 && door->load.p_type == PT_LOAD &&
	       door->note.p_type == PT_NOTE &&
	       door->note.p_offset == offsetof(struct door, pvh) &&
	       door->pvh.type == NOTE_PHYS32_ENTRY;
}

bool elf_door_is_in(const struct bytes *blob)
{
	struct door door;

	return read_door(&door, blob);
}

bool elf_door_fits(const struct bytes *blob, uint64_t file_size)
{
	return elf_door_is_in(blob) &&
	       is_within(KERNEL_END_UNKNOWN, file_size, PLACE_END);
}

uint64_t elf_door_kernel_end(const struct bundle_section *section,
                             const struct bytes *stored)
{
	if (section->type == BUNDLE_SECTION_KERNEL_SEGMENT)
		return section->paddr + section->memory_size;
	if (section->type != BUNDLE_SECTION_KERNEL ||
	    section->compression != BUNDLE_COMPRESSION_NONE ||
	    stored->size < BZIMAGE_HEADER_SIZE)
		return 0;
	return load_le64(stored->data + BZIMAGE_PREFERRED) +
	       load_le32(stored->data + BZIMAGE_INIT_SIZE);
}

bool elf_door_make(uint8_t header[ELF_DOOR_SIZE], const struct bytes *blob,
                   uint64_t file_size, uint64_t kernel_end)
{
	uint64_t place = align_up(
		kernel_end > 0 ? kernel_end : KERNEL_END_UNKNOWN, PLACE_ALIGN);
	uint64_t shift = place + file_size - blob->size;
	struct door door;

	if (!read_door(&door, blob) || !is_within(place, file_size, PLACE_END))
		return false;
	shift -= door.load.p_paddr; /* of the blob, to its place in the file */
	door.elf.e_entry += shift;
	door.pvh.entry += shift;
	door.load.p_vaddr = place;
	door.load.p_paddr = place;
	door.load.p_filesz = file_size;
	door.load.p_memsz = file_size;
	door.note.p_vaddr = place + door.note.p_offset;
	door.note.p_paddr = door.note.p_vaddr;
	memset(header, 0, ELF_DOOR_SIZE);
	memcpy(header, &door, sizeof(door));
	return true;
}
