/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/fuzz/fuzz_load.c - from a bundle to the zero page, on x86_64
 *
 * A bundle with a small kernel of any kind comes packed with the blob, from the
 * VMM in RAM, by fw_cfg or on a disk; or the VMM gives the kernel by fw_cfg.
 * Then the stages of boot_main() run. RAM is where the guest has it, and filled
 * with a pattern, which must still be in all RAM that nobody has claimed.
 */
#include <lz4.h>
#include <string.h>
#include <zstd.h>

#include "arch/x86_64/describe/zero_page.h"
#include "arch/x86_64/memmap.h"
#include "common/arch.h"
#include "common/lib/sha256.h"
#include "common/lib/sum64.h"
#include "common/machine/handoff.h"
#include "common/payload/disk/disks.h"
#include "common/place/place.h"
#include "common/spec/elf.h"
#include "common/spec/fw_cfg.h"
#include "tests/fuzz/fuzz.h"
#include "tests/unit/bundle_maker.h"
#include "tests/unit/fake_cpu.h"
#include "tests/unit/fake_fw_cfg.h"
#include "tests/unit/fake_map.h"
#include "tests/unit/fake_ram.h"

#define PATTERN     0xa5
#define RAM_END     0x600000
#define KERNEL_BASE 0x200000
#define SETUP_SIZE  0xa00
#define FILE_SIZE   0x1a00
#define INITRD_SIZE 0x900
#define GIVEN_BASE  0x580000 /* of the VMM's bundle in RAM */
#define PIECE_SIZE  0x400
#define UKI_HEAD    0x200

static const uint64_t bounds[] = {
	HIGH_RAM_BASE, KERNEL_BASE, RAM_END,    LOW_RAM_END, GIVEN_BASE,
	FILE_SIZE,     INITRD_SIZE, PIECE_SIZE, 0x40,        0x1000,
	FOUR_GIB,      1ULL << 46,  0x7fffffff, 0x200000,
};

enum way {
	WAY_OWN,
	WAY_RAM,
	WAY_FW_CFG_BUNDLE,
	WAY_FW_CFG,
	WAY_DISK,
	WAY_PINNED,
	WAY_COUNT,
};

static struct machine machine;
static struct memory memory;
static struct payload payload;
static struct guest guest;
static struct handoff handoff;
static struct boot_params params;
static struct {
	struct setup_data header;
	struct e820_entry entries[MEMORY_STEP_MAX];
} extension;

static _Alignas(4096) uint8_t bundle[BUNDLE_MAKER_MAX], pin[BUNDLE_MAKER_MAX];
static uint64_t bundle_size;
static _Alignas(8) uint8_t file[UKI_HEAD + FILE_SIZE];
static uint64_t file_size;
static uint8_t initrd[INITRD_SIZE], packed[FILE_SIZE * 2];
static struct {
	struct bundle_relocs header;
	uint8_t places[16];
} relocs;
static bool has_disk, has_relocs;

/* ---- the machine */

bool arch_sha256_blocks(uint32_t state[8], const uint8_t *blocks,
                        uint64_t count)
{
	(void)state;
	(void)blocks;
	(void)count;
	return false;
}

static void read_sectors(const struct disk *disk, uint64_t sector,
                         uint32_t count, paddr_t dest)
{
	FUZZ_EXPECT(is_within(sector, count, disk->sector_count));
	memcpy(paddr_ptr(dest), bundle + sector * DISK_SECTOR_SIZE,
	       count * DISK_SECTOR_SIZE);
}

bool disks_next(struct disks *disks, const struct machine *of,
                struct disk *disk)
{
	(void)disks;
	(void)of;
	*disk = (struct disk){
		.pages = disk->pages,
		.read = read_sectors,
		.count_max = 16,
		.sector_count = bundle_size / DISK_SECTOR_SIZE,
	};
	if (!has_disk)
		return false;
	has_disk = false;
	return true;
}

bool fuzz_begin(const char *program)
{
	fuzz_bounds = bounds;
	fuzz_bound_count = ARRAY_COUNT(bounds);
	memset(initrd, 0x33, sizeof(initrd));
	return (fake_ram_map(0x1000, LOW_RAM_END) &&
	        fake_ram_map(HIGH_RAM_BASE, RAM_END)) ||
	       !fake_ram_skip(program);
}

static void make_machine(void)
{
	memset(&machine, 0, MACHINE_CLEAR_SIZE);
	memset(&payload, 0, PAYLOAD_CLEAR_SIZE);
	memset(&guest, 0, sizeof(guest));
	handoff = (struct handoff){ .blob_paddr = BLOB_BASE };
	machine.ram_count = 2;
	machine.ram[0] =
		(struct machine_ram){ .size = LOW_RAM_END, .type = MEMORY_RAM };
	machine.ram[1] = (struct machine_ram){
		.base = HIGH_RAM_BASE,
		.size = RAM_END - HIGH_RAM_BASE,
		.type = MEMORY_RAM,
	};
	has_disk = has_relocs = false;
	fake_fw_cfg_clear();
	fake_map_clear();
	fake_cpu_clear();
	memset(paddr_ptr(0x1000), PATTERN, LOW_RAM_END - 0x1000);
	memset(paddr_ptr(HIGH_RAM_BASE), PATTERN, RAM_END - HIGH_RAM_BASE);
}

/* ---- the kernel */

static void make_bzimage(struct fuzz_input *input)
{
	struct setup_header *header = (void *)(file + SETUP_HEADER_OFFSET);
	uint32_t alignment = 1u << (12 + fuzz_below(input, 10));

	file[0x201] = 0x6a; /* the second byte of the jump */
	*header = (struct setup_header){
		.setup_sects = (uint8_t)fuzz_perhaps(input, 4),
		.boot_flag = SETUP_BOOT_FLAG,
		.jump = 0x6aeb,
		.header = SETUP_HEADER_MAGIC,
		.version = 0x20f,
		.loadflags = LOADFLAG_LOADED_HIGH,
		.initrd_addr_max = (uint32_t)fuzz_perhaps(input, 0x7fffffff),
		.kernel_alignment = (uint32_t)fuzz_perhaps(input, alignment),
		.relocatable_kernel = !fuzz_bool(input),
		.xloadflags =
			XLF_KERNEL_64 |
			(fuzz_bool(input) ? XLF_CAN_BE_LOADED_ABOVE_4G : 0),
		.cmdline_size = (uint32_t)fuzz_perhaps(input, 2047),
		.pref_address = fuzz_perhaps(input, KERNEL_BASE),
		.init_size = (uint32_t)fuzz_perhaps(input, 0x10000),
	};
}

static void make_elf(struct fuzz_input *input)
{
	struct elf64_header *header = (void *)file;
	struct elf64_phdr *phdr = (void *)(header + 1);
	uint32_t count = 1 + fuzz_below(input, 6);

	*header = (struct elf64_header){
		.magic = ELF_MAGIC,
		.class = ELF_CLASS_64,
		.data = ELF_DATA_LSB,
		.type = 2,
		.machine = BUNDLE_ARCH_X86_64,
		.entry = fuzz_perhaps(input, KERNEL_BASE + 0x10),
		.phoff = sizeof(*header),
		.phentsize = sizeof(struct elf64_phdr),
		.phnum = (uint16_t)count,
	};
	for (uint32_t i = 0; i < count; i++)
		phdr[i] = (struct elf64_phdr){
			.type = fuzz_u8(input) % 16 == 15 ? 2 : ELF_PT_LOAD,
			.offset = fuzz_perhaps(input, 0x400),
			.paddr = fuzz_perhaps(input, KERNEL_BASE + i * 0x2000),
			.filesz = fuzz_perhaps(input, 0x300),
			.memsz = fuzz_perhaps(input, 0x1800),
		};
}

/* Puts the file into a UKI of one section. */
static void wrap(void)
{
	uint8_t *section = file + 0x80 + 24;
	uint32_t size = (uint32_t)file_size, at = UKI_HEAD, pe = 0x80;

	memmove(file + UKI_HEAD, file, file_size);
	memset(file, 0, UKI_HEAD);
	memcpy(file, "MZ", 2);
	memcpy(file + 0x3c, &pe, 4);
	memcpy(file + 0x80, "PE\0\0\x64\x86\1", 7);
	memcpy(section, ".linux", 6);
	memcpy(section + 8, &size, 4);
	memcpy(section + 16, &size, 4);
	memcpy(section + 20, &at, 4);
	file_size += UKI_HEAD;
}

static void make_file(struct fuzz_input *input, bool is_elf)
{
	uint32_t wrap_count = fuzz_u8(input) % 8 == 7;

	for (uint32_t i = 0; i < sizeof(file); i++)
		file[i] = (uint8_t)(i * 13 + 1);
	memset(file, 0, 0x400);
	file_size = FILE_SIZE;
	if (is_elf)
		make_elf(input);
	else
		make_bzimage(input);
	if (fuzz_u8(input) % 16 == 15)
		fuzz_edit(input, file, 0x400);
	file_size = fuzz_cut(input, file_size);
	if (wrap_count && file_size)
		wrap();
}

/* ---- the bundle */

/* Adds a section, packed or not. */
static void add(struct fuzz_input *input, struct bundle_maker *maker,
                enum bundle_section_type type, const void *data, uint64_t size)
{
	struct bundle_block block = { 0, (uint32_t)size };
	uint64_t stored = 0;

	switch (type == BUNDLE_SECTION_KERNEL ? 0 : fuzz_u8(input) % 4) {
	case 1:
		stored = (uint64_t)LZ4_compress_default(
			data, (char *)packed + sizeof(block), (int)size,
			(int)(sizeof(packed) - sizeof(block)));
		block.stored_size = (uint32_t)stored;
		memcpy(packed, &block, sizeof(block));
		memset(packed + sizeof(block) + stored, 0, 8);
		bundle_add(maker, type, BUNDLE_COMPRESSION_LZ4, packed,
		           sizeof(block) + align_up(stored, 8), size);
		break;
	case 2:
		stored = ZSTD_compress(packed, sizeof(packed), data, size, 1);
		bundle_add(maker, type, BUNDLE_COMPRESSION_ZSTD, packed, stored,
		           size);
		break;
	default:
		bundle_add(maker, type, BUNDLE_COMPRESSION_NONE, data, size,
		           size);
	}
}

static struct bundle_section *last_section(void)
{
	struct bundle_header *header = (void *)bundle;

	return (struct bundle_section *)(header + 1) + header->section_count -
	       1;
}

static void add_segments(struct fuzz_input *input, struct bundle_maker *maker)
{
	uint32_t count = 1 + fuzz_below(input, 4);

	for (uint32_t i = 0; i < count; i++) {
		add(input, maker, BUNDLE_SECTION_KERNEL_SEGMENT, file,
		    PIECE_SIZE);
		last_section()->paddr =
			fuzz_perhaps(input, KERNEL_BASE + i * 0x1000);
		last_section()->memory_size = fuzz_perhaps(input, 0x800);
	}
	((struct bundle_header *)bundle)->entry =
		fuzz_perhaps(input, KERNEL_BASE + 4);
	if (fuzz_u8(input) % 4 != 3)
		return;
	has_relocs = true;
	relocs.header = (struct bundle_relocs){
		.alignment = fuzz_perhaps(input, 0x200000),
		.room_size = fuzz_perhaps(input, 0x40000000),
		.count64 = fuzz_u8(input) % 5,
		.count32_inverse = fuzz_u8(input) % 3,
		.count32 = fuzz_u8(input) % 3,
	};
	for (uint32_t i = 0; i < sizeof(relocs.places); i++)
		relocs.places[i] = (uint8_t)fuzz_perhaps(input, 9);
	bundle_add(maker, BUNDLE_SECTION_RELOCS, BUNDLE_COMPRESSION_NONE,
	           &relocs, sizeof(relocs), sizeof(relocs));
}

/* Sums the header anew, so that edits of it are believed. */
static void seal(void)
{
	struct bundle_header *header = (void *)bundle;
	uint64_t sum,
		size = min_u64(header->section_count, BUNDLE_SECTION_MAX) *
	               sizeof(struct bundle_section);

	sum = sum64(0, header, offsetof(struct bundle_header, checksum.sum64));
	header->checksum.sum64 = sum64(sum, header + 1, size);
}

static void make_bundle(struct fuzz_input *input)
{
	static const char text[] = "console=ttyS0 -- \"a b\"";
	enum bundle_kernel_kind kind = fuzz_bool(input)
	                                       ? BUNDLE_KERNEL_BZIMAGE
	                                       : BUNDLE_KERNEL_SEGMENTS;
	struct bundle_maker maker;

	bundle_begin(&maker, bundle, kind, fuzz_bool(input),
	             BUNDLE_ON_ERROR_RESET);
	make_file(input, fuzz_bool(input));
	if (kind == BUNDLE_KERNEL_SEGMENTS)
		add_segments(input, &maker);
	else
		add(input, &maker, BUNDLE_SECTION_KERNEL, file, file_size);
	if (fuzz_u8(input) % 4 != 3)
		add(input, &maker, BUNDLE_SECTION_INITRD, initrd,
		    1 + fuzz_u16(input) % INITRD_SIZE);
	if (fuzz_u8(input) % 4 != 3)
		bundle_add(&maker, BUNDLE_SECTION_CMDLINE,
		           BUNDLE_COMPRESSION_NONE, text, sizeof(text),
		           sizeof(text));
	bundle_size = bundle_end(&maker);
	switch (fuzz_u8(input) % 32) {
	case 31:
		fuzz_edit(input, bundle, bundle_size);
		break;
	case 30:
		fuzz_edit(input, bundle,
		          sizeof(struct bundle_header) +
		                  5 * sizeof(struct bundle_section));
		seal();
		break;
	default:
		break;
	}
}

static void give_fw_cfg(struct fuzz_input *input)
{
	static char text[] = "quiet";
	static uint32_t sizes[4];

	make_file(input, fuzz_bool(input));
	machine.fw_cfg.is_present = machine.given.has_kernel = true;
	sizes[0] = SETUP_SIZE;
	sizes[1] = (uint32_t)fuzz_perhaps(input, FILE_SIZE - SETUP_SIZE);
	sizes[2] = (uint32_t)fuzz_perhaps(input, INITRD_SIZE);
	sizes[3] = (uint32_t)fuzz_perhaps(input, sizeof(text));
	fake_fw_cfg_add(FW_CFG_SETUP_SIZE, &sizes[0], 4);
	fake_fw_cfg_add(FW_CFG_KERNEL_SIZE, &sizes[1], 4);
	fake_fw_cfg_add(FW_CFG_INITRD_SIZE, &sizes[2], 4);
	fake_fw_cfg_add(FW_CFG_CMDLINE_SIZE, &sizes[3], 4);
	fake_fw_cfg_add(FW_CFG_SETUP_DATA, file, SETUP_SIZE);
	fake_fw_cfg_add(FW_CFG_KERNEL_DATA, file + SETUP_SIZE,
	                FILE_SIZE - SETUP_SIZE);
	fake_fw_cfg_add(FW_CFG_INITRD_DATA, initrd, INITRD_SIZE);
	fake_fw_cfg_add(FW_CFG_CMDLINE_DATA, text, sizeof(text));
}

/* Packs a pin with the blob, mostly of the bundle that the VMM gives. */
static void give_pin(struct fuzz_input *input)
{
	struct bundle_maker maker;
	uint8_t digest[SHA256_SIZE];

	sha256(digest, bundle, bundle_size);
	digest[fuzz_u8(input) % SHA256_SIZE] ^= fuzz_u8(input) % 16 == 15;
	bundle_begin(&maker, pin, BUNDLE_KERNEL_NONE, 0, BUNDLE_ON_ERROR_HALT);
	bundle_add(&maker, BUNDLE_SECTION_PIN, BUNDLE_COMPRESSION_NONE, digest,
	           sizeof(digest), sizeof(digest));
	handoff.bundle_size = bundle_end(&maker);
	handoff.bundle_paddr = paddr_of(pin);
}

static void give_in_ram(struct fuzz_input *input)
{
	const struct machine_range place = { GIVEN_BASE,
		                             fuzz_cut(input, bundle_size) };

	memcpy(paddr_ptr(GIVEN_BASE), bundle, bundle_size);
	machine.given.bundle_count = 1;
	machine.given.bundles[0] = place;
	if (!fuzz_bool(input))
		machine.given.initrd = place;
	handoff.blob_paddr = HIGH_RAM_BASE;
}

static void give(struct fuzz_input *input, enum way way)
{
	switch (way) {
	case WAY_OWN:
		handoff.bundle_paddr = paddr_of(bundle);
		handoff.bundle_size = fuzz_cut(input, bundle_size);
		break;
	case WAY_FW_CFG_BUNDLE:
		machine.fw_cfg.is_present = true;
		machine.fw_cfg.files[FW_CFG_FILE_BUNDLE] = (struct fw_cfg_item){
			(uint32_t)fuzz_perhaps(input, bundle_size), 0x20
		};
		fake_fw_cfg_add(0x20, bundle, (uint32_t)bundle_size);
		break;
	case WAY_DISK:
		has_disk = true;
		bundle_size = fuzz_cut(input, bundle_size);
		break;
	case WAY_PINNED:
		give_pin(input);
		give_in_ram(input);
		break;
	default:
		give_in_ram(input);
	}
}

static void boot(void)
{
	const struct zero_page_pointers pointers = { 0 };

	payload_open_own(&payload, &handoff);
	memory_init(&memory, &machine);
	arch_claim(&memory, &machine, &handoff);
	payload_find(&payload, &machine, &memory);
	arch_place_kernel(&guest.kernel, &payload, &machine, &memory);
	guest.initrd = place_initrd(&payload, &machine, &guest.kernel, &memory);
	place_cmdline(&guest.cmdline, &payload, &guest.kernel, &memory);
	payload_close(&payload);
	zero_page_build(&params, &extension.header, &guest, &memory, &pointers);
}

static bool are_apart(uint64_t base, uint64_t size, uint64_t other,
                      uint64_t other_size)
{
	return base + size <= other || other + other_size <= base;
}

/* What the zero page says must be in RAM, and apart. */
static void judge_guest(void)
{
	const struct kernel *kernel = &guest.kernel;
	uint64_t text = (uintptr_t)guest.cmdline.text;
	uint64_t end = 0;

	/* The initrd may lie between two segments of an ELF file. */
	if (kernel->setup_header)
		FUZZ_EXPECT(are_apart(kernel->base, kernel->size,
		                      guest.initrd.base, guest.initrd.size));
	FUZZ_EXPECT(are_apart(text, guest.cmdline.max, guest.initrd.base,
	                      guest.initrd.size));
	if (kernel->setup_header)
		FUZZ_EXPECT(are_apart(text, guest.cmdline.max, kernel->base,
		                      kernel->size));

	FUZZ_EXPECT(kernel->entry - kernel->base < kernel->size);
	FUZZ_EXPECT(memory_is_ram(&memory, kernel->base, 1));
	if (guest.initrd.size) {
		FUZZ_EXPECT(memory_is_ram(&memory, guest.initrd.base,
		                          guest.initrd.size));
		FUZZ_EXPECT(!memory_is_free(&memory, guest.initrd.base, 1));
	}
	FUZZ_EXPECT(params.e820_entries && params.e820_entries <= 128);
	for (uint32_t i = 0; i < params.e820_entries; i++) {
		const struct e820_entry *entry = &params.e820_table[i];

		FUZZ_EXPECT(entry->size && entry->type);
		FUZZ_EXPECT(entry->base >= end);
		end = entry->base + entry->size;
		FUZZ_EXPECT(end > entry->base && end <= RAM_END);
	}
}

bool fuzz_run(struct fuzz_input *input)
{
	enum way way = fuzz_below(input, WAY_COUNT);

	make_machine();
	memory_init(&memory, &machine);
	if (way == WAY_FW_CFG) {
		give_fw_cfg(input);
	} else {
		make_bundle(input);
		give(input, way);
	}
	boot();
	judge_guest();
	return true;
}

static void expect_untouched(paddr_t base, paddr_t end)
{
	FUZZ_EXPECT(fake_ram_is(base, end, PATTERN));
}

/*
 * Below 640 KiB only the command line has been written. Relocations may change
 * bytes between two segments.
 */
void fuzz_check(void)
{
	expect_untouched(0x1000, CMDLINE_BASE);
	expect_untouched(CMDLINE_BASE + CMDLINE_SIZE, LOW_RAM_END);
	for (const struct memory_step *step = memory.steps; step != memory.end;
	     step++) {
		const struct memory_range range = memory_range(step);

		if (range.type != MEMORY_NONE && !range.is_claimed &&
		    range.base >= HIGH_RAM_BASE && !has_relocs &&
		    range.base < GIVEN_BASE)
			expect_untouched(range.base,
			                 min_u64(range.base + range.size,
			                         machine.given.bundle_count
			                                 ? GIVEN_BASE
			                                 : RAM_END));
	}
}
