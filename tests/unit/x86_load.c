/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/unit/x86_load.c - loads kernels of x86_64 in tests; see x86_load.h */
#include "tests/unit/x86_load.h"

#include <stdlib.h>
#include <string.h>

#include "common/arch.h"
#include "common/lib/sum64.h"
#include "common/payload/wrapped.h"
#include "common/spec/bundle.h"
#include "common/spec/fw_cfg.h"
#include "tests/unit/fake_fw_cfg.h"
#include "tests/unit/fake_ram.h"
#include "tests/unit/test.h"

#define PATTERN  0xa5
#define ELF_SIZE 0x3000

struct machine machine;
struct memory memory;
struct payload payload;
struct guest guest;
uint8_t *file;
uint64_t file_size;
uint8_t initrd[INITRD_SIZE];

static char cmdline[] = CMDLINE_TEXT;

/* A disk offset is the address of the byte on the host. */
void disk_read(const struct disk *disk, uint64_t offset, paddr_t dest,
               uint64_t size)
{
	EXPECT(disk == &payload.disk);
	memcpy(paddr_ptr(dest), paddr_ptr(offset), size);
}

bool load_begin(void)
{
	return fake_ram_map(LOW_BASE, LOW_RAM_END) &&
	       fake_ram_map(HIGH_RAM_BASE, RAM_END);
}

static void make_memory(void)
{
	machine.ram_count = 2;
	machine.ram[0] =
		(struct machine_ram){ .size = LOW_RAM_END, .type = MEMORY_RAM };
	machine.ram[1] = (struct machine_ram){
		.base = HIGH_RAM_BASE,
		.size = RAM_SIZE,
		.type = MEMORY_RAM,
	};
	memory_init(&memory, &machine);
	memory_claim(&memory, "test", 0, LOW_RAM_CLAIM_END, MEMORY_RAM);
	memset(paddr_ptr(LOW_BASE), PATTERN, LOW_RAM_END - LOW_BASE);
	memset(paddr_ptr(HIGH_RAM_BASE), PATTERN, RAM_SIZE);
}

void load_start(void)
{
	memset(&machine, 0, MACHINE_CLEAR_SIZE);
	memset(&payload, 0, PAYLOAD_CLEAR_SIZE);
	memset(&guest, 0, sizeof(guest));
	payload.reader.fw_cfg = &machine.fw_cfg;
	payload.reader.disk = &payload.disk;
	make_memory();
	memset(initrd, 0x33, sizeof(initrd));
}

void load_start_bzimage(void)
{
	load_start();
	make_bzimage();
}

static void new_file(uint64_t size)
{
	free(file);
	file = malloc(size);
	file_size = size;
	for (uint64_t i = 0; i < size; i++)
		file[i] = (uint8_t)(i * 13 + (i >> 8) + 1);
}

void make_bzimage(void)
{
	struct setup_header *header;

	new_file(SETUP_SIZE + BODY_SIZE);
	memset(file, 0, SETUP_SIZE);
	header = bzimage_header();
	header->setup_sects = 4;
	header->boot_flag = SETUP_BOOT_FLAG;
	header->jump = 0x6aeb;
	header->header = SETUP_HEADER_MAGIC;
	header->version = 0x20f;
	header->loadflags = LOADFLAG_LOADED_HIGH;
	header->initrd_addr_max = 0x7fffffff;
	header->kernel_alignment = 0x100000;
	header->relocatable_kernel = 1;
	header->xloadflags = XLF_KERNEL_64;
	header->cmdline_size = 2047;
	header->pref_address = KERNEL_BASE;
	header->init_size = 0x80000;
}

struct setup_header *bzimage_header(void)
{
	return (void *)(file + SETUP_HEADER_OFFSET);
}

struct elf64_phdr *phdr_at(uint32_t index)
{
	return (struct elf64_phdr *)(file + sizeof(struct elf64_header)) +
	       index;
}

void make_elf(void)
{
	struct elf64_header *header;

	new_file(ELF_SIZE);
	header = (void *)file;
	*header = (struct elf64_header){
		.magic = ELF_MAGIC,
		.class = ELF_CLASS_64,
		.data = ELF_DATA_LSB,
		.type = 2,
		.machine = BUNDLE_ARCH_X86_64,
		.entry = KERNEL_BASE + 0x10,
		.phoff = sizeof(*header),
		.phentsize = sizeof(struct elf64_phdr),
		.phnum = 2,
	};
	for (uint32_t i = 0; i < 2; i++)
		*phdr_at(i) = (struct elf64_phdr){
			.type = ELF_PT_LOAD,
			.offset = (i + 1) * 0x1000,
			.paddr = KERNEL_BASE + i * 0x40000,
			.filesz = 0x1000,
			.memsz = 0x1000 + i * 0x8000,
		};
}

struct source memory_source(const void *data, uint64_t size)
{
	return (struct source){
		.kind = SOURCE_MEMORY,
		.data = data,
		.stored_size = size,
		.size = size,
		.has_checksum = true,
		.sum64 = sum64(0, data, size),
	};
}

void give_memory(void)
{
	payload.kernel = memory_source(file, file_size);
	payload.initrd = memory_source(initrd, sizeof(initrd));
	payload.cmdline = memory_source(cmdline, sizeof(cmdline));
}

void move_to_disk(void)
{
	for (uint32_t i = 0; i < payload.segment_count; i++)
		payload.segments[i].source.kind = SOURCE_DISK;
	payload.initrd.kind = SOURCE_DISK;
}

static struct source fw_cfg_source(uint16_t key, const void *data,
                                   uint64_t size)
{
	fake_fw_cfg_add(key, data, (uint32_t)size);
	return (struct source){
		.kind = SOURCE_FW_CFG,
		.fw_cfg_key = key,
		.stored_size = size,
		.size = size,
	};
}

void give_fw_cfg(void)
{
	fake_fw_cfg_clear();
	payload.kernel_setup =
		fw_cfg_source(FW_CFG_SETUP_DATA, file, SETUP_SIZE);
	payload.kernel = fw_cfg_source(FW_CFG_KERNEL_DATA, file + SETUP_SIZE,
	                               file_size - SETUP_SIZE);
	payload.initrd =
		fw_cfg_source(FW_CFG_INITRD_DATA, initrd, sizeof(initrd));
	payload.cmdline =
		fw_cfg_source(FW_CFG_CMDLINE_DATA, cmdline, sizeof(cmdline));
}

void give_segments(void)
{
	give_memory();
	payload.kernel = (struct source){ .kind = SOURCE_NONE };
	payload.segment_count = 2;
	payload.segments_entry = KERNEL_BASE + 0x10;
	/* What lies behind them is of nobody. */
	for (uint32_t i = 2; i < PAYLOAD_SEGMENT_MAX; i++)
		payload.segments[i] =
			(struct payload_segment){ .paddr = RAM_END - 0x1000,
			                          .memory_size = 0x1000 };
	for (uint32_t i = 0; i < 2; i++) {
		const struct elf64_phdr *phdr = phdr_at(i);

		payload.segments[i] = (struct payload_segment){
			.paddr = phdr->paddr,
			.memory_size = phdr->memsz,
			.source = memory_source(file + phdr->offset,
			                        phdr->filesz),
		};
	}
}

void load(void)
{
	if (!payload.segment_count)
		wrapped_open(&payload, &memory);
	arch_place_kernel(&guest.kernel, &payload, &machine, &memory);
	guest.initrd = place_initrd(&payload, &machine, &guest.kernel, &memory);
	place_cmdline(&guest.cmdline, &payload, &guest.kernel, &memory);
}

void load_memory(void)
{
	give_memory();
	load();
}

static bool is_pattern(paddr_t base, paddr_t end)
{
	return fake_ram_is(base, end, PATTERN);
}

void expect_rest_untouched(void)
{
	EXPECT(is_pattern(LOW_BASE, CMDLINE_BASE));
	EXPECT(is_pattern(CMDLINE_BASE + CMDLINE_SIZE, LOW_RAM_END));
	for (const struct memory_step *step = memory.steps; step != memory.end;
	     step++) {
		const struct memory_range range = memory_range(step);

		if (range.type != MEMORY_NONE && !range.is_claimed &&
		    range.base >= HIGH_RAM_BASE)
			EXPECT(is_pattern(range.base, range.base + range.size));
	}
}

void expect_initrd(paddr_t base)
{
	EXPECT_EQ(guest.initrd.base, base);
	EXPECT_EQ(guest.initrd.size, INITRD_SIZE);
	EXPECT(!memcmp(paddr_ptr(base), initrd, INITRD_SIZE));
	EXPECT_STR(guest.cmdline.text, CMDLINE_TEXT);
	EXPECT_EQ(guest.cmdline.size, strlen(CMDLINE_TEXT));
	EXPECT_EQ(paddr_of(guest.cmdline.text), CMDLINE_BASE);
}
