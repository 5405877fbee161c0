/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * payload/judge/elf_door.c - the headers that make an x86_64 ROM a kernel too
 *
 * VMMs that boot kernels accept ELF files or bzImages. They enter an ELF file
 * by Linux's 64-bit protocol, or by PVH (Xen docs/misc/pvh.pandoc) if it has
 * the note. Linux Documentation/arch/x86/boot.rst defines bzImages. The blob
 * alone is both. A packed ROM is both because it starts with two pages: the
 * blob's first page with other addresses in it, and a page with a bzImage's
 * entries, which jump into the blob.
 */
#include "payload/judge/elf_door.h"

#include <elf.h>

#include "common/spec/linux_x86.h"

#define NOTE_NAME          "Xen"
#define NOTE_PHYS32_ENTRY  18
#define PLACE_ALIGN        0x200000
#define PLACE_END          (1ull << 30) /* At first, the blob maps no more. */
#define KERNEL_END_UNKNOWN 0x4000000
#define BZIMAGE_BASE       0x100000
#define PAGE               0x1000 /* also the size of the setup part */
#define ENTRY64            0x200  /* offset in the second page */

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

/* Reads the blob's own header. Returns false if it has no such entries. */
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

uint64_t elf_door_file_size(const struct bytes *file)
{
	struct door door;

	return read_door(&door, file) ? door.load.p_filesz : 0;
}

uint64_t elf_door_load_end(const struct bytes *file)
{
	struct door door;

	return read_door(&door, file) ? door.load.p_paddr + door.load.p_memsz
	                              : 0;
}

uint64_t elf_door_base(const struct bytes *file)
{
	struct door door;

	if (!read_door(&door, file))
		refuse("blob: has no 64-bit entry, or is too large for it");
	return door.load.p_paddr;
}

uint64_t elf_door_entry(const struct bytes *file)
{
	uint64_t base = elf_door_base(file);
	struct door door;

	read_door(&door, file);
	if (door.elf.e_entry - base >= file->size)
		refuse("blob: entry: %#lx: is not in %#lx bytes at %#lx",
		       door.elf.e_entry, (unsigned long)file->size, base);
	return door.elf.e_entry - base;
}

bool elf_door_fits(const struct bytes *blob, uint64_t file_size)
{
	return elf_door_is_in(blob) &&
	       is_within(KERNEL_END_UNKNOWN, file_size, PLACE_END);
}

bool elf_door_has_bzimage(const struct bytes *blob)
{
	return blob->size >= PAGE &&
	       linux_x86_is_bzimage(blob->data, blob->size);
}

static void add_range(struct elf_door_kernel *kernel, uint64_t base,
                      uint64_t size)
{
	if (kernel->end == 0 || base < kernel->base)
		kernel->base = base;
	kernel->end = max_u64(kernel->end, base + size);
}

void elf_door_add(struct elf_door_kernel *kernel,
                  const struct bundle_section *section,
                  const struct bytes *stored)
{
	struct setup_header header;

	if (section->type == BUNDLE_SECTION_KERNEL_SEGMENT)
		add_range(kernel, section->paddr, section->memory_size);
	if (section->type == BUNDLE_SECTION_RELOCS)
		kernel->can_move = true;
	if (section->type != BUNDLE_SECTION_KERNEL ||
	    section->compression != BUNDLE_COMPRESSION_NONE ||
	    !linux_x86_is_bzimage(stored->data, stored->size))
		return;
	memcpy(&header, stored->data + SETUP_HEADER_OFFSET, sizeof(header));
	add_range(kernel, header.pref_address, header.init_size);
	kernel->can_move = header.relocatable_kernel != 0;
}

/* Tells whether the file, as a bzImage, would lie where the kernel must be. */
static bool is_in_the_way(const struct elf_door_kernel *kernel,
                          uint64_t file_size)
{
	return kernel->end > BZIMAGE_BASE && !kernel->can_move &&
	       kernel->base < BZIMAGE_BASE + file_size;
}

bool elf_door_may_be_bzimage(const struct bytes *blob, uint64_t file_size,
                             const struct elf_door_kernel *kernel)
{
	return elf_door_has_bzimage(blob) && !is_in_the_way(kernel, file_size);
}

/* Writes a jmp over `distance` bytes, from its own first byte. */
static void put_jump(uint8_t *at, uint64_t distance)
{
	uint32_t offset = (uint32_t)(distance - 5);

	*at = 0xe9;
	memcpy(at + 1, &offset, sizeof(offset));
}

static void make_bzimage(uint8_t header[ELF_DOOR_SIZE],
                         const struct bytes *blob, uint64_t file_size,
                         uint64_t place)
{
	struct setup_header setup;

	memcpy(header, blob->data, PAGE);
	memcpy(&setup, header + SETUP_HEADER_OFFSET, sizeof(setup));
	setup.syssize = (uint32_t)((file_size - PAGE) / 16);
	setup.pref_address = place + PAGE;
	setup.init_size = (uint32_t)(file_size - PAGE);
	memcpy(header + SETUP_HEADER_OFFSET, &setup, sizeof(setup));
	put_jump(header + PAGE, file_size - blob->size);
	put_jump(header + PAGE + ENTRY64, file_size - blob->size);
}

bool elf_door_make(uint8_t header[ELF_DOOR_SIZE], const struct bytes *blob,
                   uint64_t file_size, const struct elf_door_kernel *kernel,
                   bool wants_bzimage)
{
	uint64_t place =
		align_up(kernel->end > 0 ? kernel->end : KERNEL_END_UNKNOWN,
	                 PLACE_ALIGN);
	uint64_t shift = place + file_size - blob->size;
	struct door door;

	if (!read_door(&door, blob) || !is_within(place, file_size, PLACE_END))
		return false;
	shift -= door.load.p_paddr; /* how far the blob moves */
	door.elf.e_entry += shift;
	door.pvh.entry += shift;
	door.load.p_vaddr = place;
	door.load.p_paddr = place;
	door.load.p_filesz = file_size;
	door.load.p_memsz = file_size;
	door.note.p_vaddr = place + door.note.p_offset;
	door.note.p_paddr = door.note.p_vaddr;
	memset(header, 0, ELF_DOOR_SIZE);
	if (wants_bzimage && elf_door_may_be_bzimage(blob, file_size, kernel))
		make_bzimage(header, blob, file_size, place);
	memcpy(header, &door, sizeof(door));
	return true;
}
