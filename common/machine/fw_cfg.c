/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/machine/fw_cfg.c - QEMU's firmware configuration device, by DMA
 *
 * QEMU docs/specs/fw_cfg.rst. One DMA is one exit to the VMM, however many
 * bytes it moves, so everything is read that way, integers too.
 */
#include "common/machine/fw_cfg.h"

#include "common/arch.h"
#include "common/lib/console.h"
#include "common/spec/fw_cfg.h"
#include "common/lib/string.h"

/* A descriptor's length has 32 bits. Chunks of this size stay aligned. */
#define DMA_CHUNK_SIZE 0x40000000

static NOINLINE void transfer(const struct fw_cfg *fw_cfg, uint32_t control,
                              uint32_t size, paddr_t dest)
{
	struct fw_cfg_dma dma = {
		.control = __builtin_bswap32(control),
		.length = __builtin_bswap32(size),
		.paddr = __builtin_bswap64(dest),
	};

	arch_fw_cfg_start(fw_cfg->paddr, paddr_of(&dma));
	if (((volatile struct fw_cfg_dma *)&dma)->control)
		panic("fw_cfg: item %#x: DMA of %#x bytes to %#lx failed",
		      control >> 16, size, __builtin_bswap64(dma.paddr));
}

/* Transfers `size` bytes in pieces that fit the descriptor's length. */
static NOINLINE void transfer_all(const struct fw_cfg *fw_cfg, uint32_t control,
                                  uint64_t size, paddr_t dest)
{
	for (; size > DMA_CHUNK_SIZE; size -= DMA_CHUNK_SIZE) {
		transfer(fw_cfg, control, DMA_CHUNK_SIZE, dest);
		control &= ~FW_CFG_DMA_SELECT;
		dest += DMA_CHUNK_SIZE;
	}
	if (size)
		transfer(fw_cfg, control, size, dest);
}

static NOINLINE void read_part(const struct fw_cfg *fw_cfg, uint32_t control,
                               uint64_t offset, paddr_t dest, uint64_t size)
{
	if (offset) {
		transfer_all(fw_cfg, control | FW_CFG_DMA_SKIP, offset, 0);
		control &= ~FW_CFG_DMA_SELECT;
	}
	transfer_all(fw_cfg, control | FW_CFG_DMA_READ, size, dest);
}

void fw_cfg_read(const struct fw_cfg *fw_cfg, uint16_t key, uint64_t offset,
                 paddr_t dest, uint64_t size)
{
	uint32_t control = (uint32_t)key << 16 | FW_CFG_DMA_SELECT;

	if (offset || size > DMA_CHUNK_SIZE) /* this is rare */
		read_part(fw_cfg, control, offset, dest, size);
	else
		transfer(fw_cfg, control | FW_CFG_DMA_READ, size, dest);
}

void fw_cfg_write(const struct fw_cfg *fw_cfg, uint16_t key, uint32_t offset,
                  const void *src, uint32_t size)
{
	uint32_t control = (uint32_t)key << 16;

	transfer(fw_cfg, control | FW_CFG_DMA_SELECT | FW_CFG_DMA_SKIP, offset,
	         0);
	transfer(fw_cfg, control | FW_CFG_DMA_WRITE, size, paddr_of(src));
}

uint32_t fw_cfg_read_u32(const struct fw_cfg *fw_cfg, uint16_t key)
{
	volatile uint32_t value[1];

	transfer(fw_cfg,
	         (uint32_t)key << 16 | FW_CFG_DMA_SELECT | FW_CFG_DMA_READ,
	         sizeof(value), paddr_of((const void *)value));
	return value[0];
}

/* The names are rows of a table, since pointers would need relocation. */
#define NAME_SIZE sizeof("opt/directboot/device-tree")

static const char wanted_names[FW_CFG_FILE_WANTED_COUNT][NAME_SIZE] = {
	[FW_CFG_FILE_E820] = "etc/e820",
	[FW_CFG_FILE_LOADER] = "etc/table-loader",
	[FW_CFG_FILE_SMBIOS_TABLES] = "etc/smbios/smbios-tables",
	[FW_CFG_FILE_SMBIOS_ANCHOR] = "etc/smbios/smbios-anchor",
	[FW_CFG_FILE_BUNDLE] = "opt/directboot/bundle",
	[FW_CFG_FILE_APPEND] = "opt/directboot/append",
	[FW_CFG_FILE_ACPI] = "opt/directboot/acpi",
	[FW_CFG_FILE_DEVICE_TREE] = "opt/directboot/device-tree",
	[FW_CFG_FILE_ON_ERROR] = "opt/directboot/on-error",
	[FW_CFG_FILE_PROFILE] = "opt/directboot/profile",
	[FW_CFG_FILE_VERBOSE] = "opt/directboot/verbose",
};

const char *fw_cfg_name(enum fw_cfg_wanted file)
{
	return wanted_names[file];
}

/*
 * Fills the items of those wanted names that files have. Most names differ in
 * their first eight characters, and each wanted name has at least eight. Few
 * files are opt/directboot/..., so only those are compared with the names of
 * this kind, which come last.
 */
static void note_files(struct fw_cfg_file *file, uint32_t count,
                       const char *wanted, struct fw_cfg_item *items,
                       uint32_t wanted_count)
{
	const char *own = wanted_names[FW_CFG_FILE_BUNDLE];

	for (; count; count--, file++) {
		uint64_t head = load_le64(file->name);
		uint32_t end =
			head == load_le64(own)
				? wanted_count
				: min_u64(wanted_count, FW_CFG_FILE_BUNDLE);

		file->name[sizeof(file->name) - 1] = 0;
		for (uint32_t i = 0; i < end; i++) {
			const char *name = wanted + i * NAME_SIZE;

			if (head != load_le64(name) || strcmp(file->name, name))
				continue;
			items[i].key = __builtin_bswap16(file->select);
			items[i].size = __builtin_bswap32(file->size);
		}
	}
}

/*
 * The directory is read in pieces of so many files, each of which is an exit to
 * the VMM. QEMU has no more files than the first, unless it is asked to.
 */
#define DIR_PIECE_COUNT 32
#define DIR_FILE_MAX    1024

/* Goes through the directory once for all wanted names. */
static void search(const struct fw_cfg *fw_cfg, const char *wanted,
                   struct fw_cfg_item *items, uint32_t wanted_count)
{
	struct {
		uint32_t count;
		struct fw_cfg_file files[DIR_PIECE_COUNT];
	} dir;
	uint32_t count;

	fw_cfg_read(fw_cfg, FW_CFG_FILE_DIR, 0, paddr_of(&dir), sizeof(dir));
	count = __builtin_bswap32(((volatile uint32_t *)&dir.count)[0]);
	if (count > DIR_FILE_MAX)
		panic("fw_cfg: %u files, at most %u", count, DIR_FILE_MAX);

	for (uint32_t done = 0; done < count; done += DIR_PIECE_COUNT) {
		if (done)
			fw_cfg_read(fw_cfg, FW_CFG_FILE_DIR,
			            sizeof(dir.count) +
			                    done * sizeof(dir.files[0]),
			            paddr_of(dir.files), sizeof(dir.files));
		note_files(dir.files, min_u64(count - done, DIR_PIECE_COUNT),
		           wanted, items, wanted_count);
	}
}

void fw_cfg_open(struct fw_cfg *fw_cfg)
{
	search(fw_cfg, wanted_names[0], fw_cfg->files,
	       FW_CFG_FILE_WANTED_COUNT);
}

struct fw_cfg_item fw_cfg_find(const struct fw_cfg *fw_cfg, const char *name)
{
	struct fw_cfg_item item = { 0 };

	search(fw_cfg, name, &item, 1);
	return item;
}
