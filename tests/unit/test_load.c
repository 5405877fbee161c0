/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/unit/test_load.c - kernels and initrds of x86_64, right and hostile
 *
 * RAM lies where the guest has it: below 640 KiB and from 1 MiB on. The rest
 * of the address space is the host's, so that what is written astray is found
 * by ASan, by a fault, or by the pattern in all RAM that is nobody's.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "arch/x86_64/memmap.h"
#include "arch/x86_64/lib/x86.h"
#include "common/arch.h"
#include "common/spec/elf.h"
#include "common/spec/fw_cfg.h"
#include "common/spec/linux_x86.h"
#include "common/lib/sum64.h"
#include "common/spec/bundle.h"
#include "tests/unit/fake_fw_cfg.h"
#include "tests/unit/test.h"

#define PATTERN      0xa5
#define LOW_BASE     0x1000
#define RAM_SIZE     0x500000
#define RAM_END      (HIGH_RAM_BASE + RAM_SIZE)
#define KERNEL_BASE  0x200000
#define SETUP_SIZE   0xa00
#define BODY_SIZE    0x3000
#define INITRD_SIZE  0x1234
#define ELF_SIZE     0x3000
#define CMDLINE_TEXT "console=ttyS0 quiet"

static struct boot boot;
static uint8_t *file; /* malloc()ed, so that ASan knows where it ends */
static uint64_t file_size;
static uint8_t initrd[INITRD_SIZE];
static char cmdline[] = CMDLINE_TEXT;
static bool is_by_fw_cfg;

static struct {
	struct bundle_relocs header;
	uint8_t places[16];
} relocs;

uint32_t arch_elf_machine(void)
{
	return BUNDLE_ARCH_X86_64;
}

void arch_map(paddr_t base, uint64_t size)
{
	(void)base;
	(void)size;
}

const struct bundle_record *arch_bundle_record(const struct boot *of)
{
	(void)of;
	return NULL;
}

/* A disk that has at each offset what the host has at that address. */
void disk_read(const struct disk *disk, uint64_t offset, paddr_t dest,
               uint64_t size)
{
	(void)disk;
	memcpy(paddr_ptr(dest), paddr_ptr(offset), size);
}

bool disk_find(struct boot *of)
{
	(void)of;
	return false;
}

static uint32_t seed;

static uint32_t random_below(uint32_t bound)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 8) % bound;
}

/* ---- the machine */

static void make_memory(void)
{
	struct machine *machine = &boot.machine;

	machine->ram_count = 2;
	machine->ram[0] =
		(struct machine_ram){ .size = LOW_RAM_END, .type = MEMORY_RAM };
	machine->ram[1] = (struct machine_ram){
		.base = HIGH_RAM_BASE,
		.size = RAM_SIZE,
		.type = MEMORY_RAM,
	};
	memory_init(&boot.memory, machine);
	memory_claim(&boot.memory, "test", 0, LOW_RAM_CLAIM_END, MEMORY_RAM);
	memset(paddr_ptr(LOW_BASE), PATTERN, LOW_RAM_END - LOW_BASE);
	memset(paddr_ptr(HIGH_RAM_BASE), PATTERN, RAM_SIZE);
}

/* Boards have been built with all of their RAM above. */
static void ram_is_taken_above_4_gib_if_there_is_none_below(void)
{
	const uint64_t high = 8ULL << 30;

	boot.machine.ram[0] = (struct machine_ram){
		.base = HIGH_RAM_BASE,
		.size = RAM_SIZE,
		.type = MEMORY_RAM,
	};
	boot.machine.ram[1] = (struct machine_ram){
		.base = high,
		.size = 0x4000,
		.type = MEMORY_RAM,
	};
	boot.machine.ram_count = 2;
	memory_init(&boot.memory, &boot.machine);
	EXPECT_EQ(payload_take_ram(&boot, "test", 0x1001),
	          HIGH_RAM_BASE + RAM_SIZE - 0x2000);
	EXPECT_EQ(payload_take_ram(&boot, "test", RAM_SIZE - 0x2000),
	          HIGH_RAM_BASE);
	EXPECT_EQ(payload_take_ram(&boot, "test", 0x1001), high);
	EXPECT_EQ(payload_take_ram(&boot, "test", 0x2000), high + 0x2000);
	EXPECT_PANIC("test: 0x1000 bytes: no RAM for them",
	             payload_take_ram(&boot, "test", 0x1000));
}

static void new_file(uint64_t size)
{
	free(file);
	file = malloc(size);
	file_size = size;
	for (uint64_t i = 0; i < size; i++)
		file[i] = (uint8_t)(i * 13 + (i >> 8) + 1);
}

static void make_bzimage(void)
{
	struct setup_header *header;

	new_file(SETUP_SIZE + BODY_SIZE);
	memset(file, 0, SETUP_SIZE);
	header = (void *)(file + SETUP_HEADER_OFFSET);
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

static struct elf64_phdr *phdr_at(uint32_t index)
{
	return (struct elf64_phdr *)(file + sizeof(struct elf64_header)) +
	       index;
}

static void make_elf(void)
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

static struct source memory_source(const void *data, uint64_t size)
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

/* As a bundle has it. */
static void give_memory(void)
{
	struct payload *payload = &boot.payload;

	payload->kernel = memory_source(file, file_size);
	payload->initrd = memory_source(initrd, sizeof(initrd));
	payload->cmdline = memory_source(cmdline, sizeof(cmdline));
}

/* The same on a disk; its command line has been read. */
static void move_to_disk(void)
{
	struct payload *payload = &boot.payload;

	for (uint32_t i = 0; i < payload->segment_count; i++)
		payload->segments[i].source.kind = SOURCE_DISK;
	if (payload->kernel.kind)
		payload->kernel.kind = SOURCE_DISK;
	payload->initrd.kind = SOURCE_DISK;
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

/* As QEMU gives a -kernel: its setup part apart. */
static void give_fw_cfg(void)
{
	struct payload *payload = &boot.payload;

	fake_fw_cfg_clear();
	payload->kernel_setup =
		fw_cfg_source(FW_CFG_SETUP_DATA, file, SETUP_SIZE);
	payload->kernel = fw_cfg_source(FW_CFG_KERNEL_DATA, file + SETUP_SIZE,
	                                file_size - SETUP_SIZE);
	payload->initrd =
		fw_cfg_source(FW_CFG_INITRD_DATA, initrd, sizeof(initrd));
	payload->cmdline =
		fw_cfg_source(FW_CFG_CMDLINE_DATA, cmdline, sizeof(cmdline));
	boot.fw_cfg.machine = &boot.machine;
}

/* As `pack` takes an ELF file apart, here that of make_elf(). */
static void give_segments(void)
{
	struct payload *payload = &boot.payload;

	give_memory();
	payload->kernel = (struct source){ .kind = SOURCE_NONE };
	payload->segment_count = 2;
	payload->segments_entry = KERNEL_BASE + 0x10;
	for (uint32_t i = 0; i < 2; i++) {
		const struct elf64_phdr *phdr = phdr_at(i);

		payload->segments[i] = (struct payload_segment){
			.paddr = phdr->paddr,
			.memory_size = phdr->memsz,
			.source = memory_source(file + phdr->offset,
			                        phdr->filesz),
		};
	}
}

static void start(void)
{
	memset(&boot, 0, offsetof(struct boot, machine) + MACHINE_CLEAR_SIZE);
	is_by_fw_cfg = false;
	make_memory();
	memset(initrd, 0x33, sizeof(initrd));
}

static void start_bzimage(void)
{
	start();
	make_bzimage();
}

static struct setup_header *header(void)
{
	return (void *)(file + SETUP_HEADER_OFFSET);
}

static void load(void)
{
	if (is_by_fw_cfg)
		give_fw_cfg();
	else
		give_memory();
	arch_load_kernel(&boot);
}

/* ---- what holds of every load, also of one that ended early */

static bool is_pattern(paddr_t base, paddr_t end)
{
	const uint8_t *bytes = paddr_ptr(base);

	return bytes[0] == PATTERN && !memcmp(bytes, bytes + 1, end - base - 1);
}

static void expect_rest_untouched(void)
{
	EXPECT(is_pattern(LOW_BASE, CMDLINE_BASE));
	EXPECT(is_pattern(CMDLINE_BASE + CMDLINE_SIZE, SCRATCH_BASE));
	EXPECT(is_pattern(SCRATCH_BASE + SCRATCH_SIZE, LOW_RAM_END));
	for (const struct memory_step *step = boot.memory.steps;
	     step != boot.memory.end; step++) {
		const struct memory_range range = memory_range(step);

		if (range.type != MEMORY_NONE && !range.is_claimed &&
		    range.base >= HIGH_RAM_BASE)
			EXPECT(is_pattern(range.base, range.base + range.size));
	}
}

static void expect_initrd(paddr_t base)
{
	EXPECT_EQ(boot.kernel.initrd_paddr, base);
	EXPECT_EQ(boot.kernel.initrd_size, INITRD_SIZE);
	EXPECT(!memcmp(paddr_ptr(base), initrd, INITRD_SIZE));
	EXPECT_STR(boot.kernel.cmdline, CMDLINE_TEXT);
	EXPECT_EQ(paddr_of(boot.kernel.cmdline), CMDLINE_BASE);
}

/* ---- what is right */

static void expect_bzimage(paddr_t base, paddr_t initrd_paddr)
{
	EXPECT_EQ(boot.kernel.base, base);
	EXPECT_EQ(boot.kernel.size, 0x80000);
	EXPECT_EQ(boot.kernel.entry, base + 0x200);
	EXPECT_EQ(boot.kernel.cmdline_max, 2047);
	EXPECT(!memcmp(paddr_ptr(base), file + SETUP_SIZE, BODY_SIZE));
	expect_initrd(initrd_paddr);
	expect_rest_untouched();
}

static void a_bzimage_is_loaded(void)
{
	start_bzimage();
	load();
	expect_bzimage(KERNEL_BASE, 0x400000);
	start_bzimage();
	is_by_fw_cfg = true;
	load();
	expect_bzimage(KERNEL_BASE, 0x400000);
}

static void a_bzimage_on_disk_is_loaded(void)
{
	start_bzimage();
	give_memory();
	move_to_disk();
	arch_load_kernel(&boot);
	EXPECT_EQ(boot.kernel.entry, KERNEL_BASE + 0x200);
	EXPECT(!memcmp(paddr_ptr(KERNEL_BASE), file + SETUP_SIZE, BODY_SIZE));
	expect_initrd(0x400000);
	start_bzimage();
	give_memory();
	move_to_disk();
	initrd[7] ^= 1;
	EXPECT_PANIC("initrd: sum of 0x1234 bytes", arch_load_kernel(&boot));
	start_bzimage();
	give_memory();
	move_to_disk();
	file[SETUP_SIZE + 9] ^= 1;
	EXPECT_PANIC("kernel: sum of ", arch_load_kernel(&boot));
}

/* What QEMU takes for a kernel of no known kind, cut as it does that. */
static void a_uki_by_fw_cfg_is_loaded(void)
{
	const struct payload *payload = &boot.payload;
	uint8_t *uki, *section;
	uint64_t size = 0x400 + SETUP_SIZE + BODY_SIZE;

	start_bzimage();
	uki = calloc(1, size);
	memcpy(uki + 0x400, file, file_size);
	memcpy(uki, "MZ", 2);
	uki[0x3c] = 0x80;
	memcpy(uki + 0x80, "PE\0\0\x64\x86\1", 7);
	section = uki + 0x80 + 24;
	memcpy(section, ".linux", 6);
	memcpy(section + 8, &file_size, 4);
	memcpy(section + 16, &file_size, 4);
	section[21] = 4;
	free(file);
	file = uki;
	file_size = size;
	give_fw_cfg();
	fake_fw_cfg_add(FW_CFG_SETUP_SIZE, &(uint32_t){ SETUP_SIZE }, 4);
	arch_load_kernel(&boot);
	EXPECT_EQ(boot.kernel.entry, KERNEL_BASE + 0x200);
	EXPECT(!memcmp(paddr_ptr(KERNEL_BASE), file + 0x400 + SETUP_SIZE,
	               BODY_SIZE));
	expect_initrd(0x400000);
	EXPECT_STR(payload->origin, "uki");
	start();
	memset(file + 0x400, 0, 0x400); /* no kernel in it */
	memcpy(file + 0x400, "MZ", 2);
	give_fw_cfg();
	fake_fw_cfg_add(FW_CFG_SETUP_SIZE, &(uint32_t){ SETUP_SIZE }, 4);
	EXPECT_PANIC("kernel: 0x3a00 bytes: neither a bzImage nor an ELF",
	             arch_load_kernel(&boot));
}

static void a_bzimage_moves_out_of_the_way(void)
{
	start_bzimage();
	memory_claim(&boot.memory, "test", KERNEL_BASE, 0x1000, MEMORY_RAM);
	memset(paddr_ptr(KERNEL_BASE), 0x5a, 0x1000);
	load();
	expect_bzimage(0x300000, 0x400000);
	EXPECT_EQ(*(uint8_t *)paddr_ptr(KERNEL_BASE + 0xfff), 0x5a);
}

static void an_initrd_goes_below_where_it_must(void)
{
	start_bzimage();
	header()->pref_address = 0x400000;
	header()->initrd_addr_max = 0x3fffff;
	load();
	expect_bzimage(0x400000, 0x200000);
}

static void an_elf_file_is_loaded(void)
{
	const uint8_t *zeros = paddr_ptr(KERNEL_BASE + 0x41000);

	start();
	make_elf();
	load();
	EXPECT_EQ(boot.kernel.entry, KERNEL_BASE + 0x10);
	EXPECT_EQ(boot.kernel.base, KERNEL_BASE);
	EXPECT_EQ(boot.kernel.size, 0x49000);
	EXPECT(!memcmp(paddr_ptr(KERNEL_BASE), file + 0x1000, 0x1000));
	EXPECT(!memcmp(paddr_ptr(KERNEL_BASE + 0x40000), file + 0x2000,
	               0x1000));
	EXPECT(zeros[0] == 0 && !memcmp(zeros, zeros + 1, 0x7fff));
	expect_initrd(0x400000);
	expect_rest_untouched();
}

/* What wraps must not become a smaller one with what follows on it. */
static void elf_segments_that_wrap_are_refused(void)
{
	start();
	make_elf();
	phdr_at(0)->memsz = -1ULL;
	phdr_at(1)->paddr = KERNEL_BASE;
	EXPECT_PANIC("kernel segment: 0xffffffffffffffff bytes", load());
	start();
	make_elf();
	phdr_at(1)->memsz = -1ULL;
	phdr_at(1)->paddr = KERNEL_BASE + 0x1000;
	EXPECT_PANIC("kernel segment: 0xffffffffffffffff bytes", load());
	start();
	make_elf();
	phdr_at(0)->memsz = -KERNEL_BASE;
	phdr_at(1)->paddr = 0x1000;
	EXPECT_PANIC("kernel segment: ", load());
}

static void segments_are_loaded(void)
{
	start();
	make_elf();
	give_segments();
	arch_load_kernel(&boot);
	EXPECT_EQ(boot.kernel.entry, KERNEL_BASE + 0x10);
	EXPECT_EQ(boot.kernel.size, 0x49000);
	EXPECT(!memcmp(paddr_ptr(KERNEL_BASE), file + 0x1000, 0x1000));
	expect_initrd(0x400000);
	expect_rest_untouched();
	start();
	make_elf();
	give_segments();
	move_to_disk();
	arch_load_kernel(&boot);
	EXPECT(!memcmp(paddr_ptr(KERNEL_BASE), file + 0x1000, 0x1000));
	expect_initrd(0x400000);
	expect_rest_untouched();
}

/* ---- the command line */

static char long_cmdline[0x3000];

static void load_cmdline(uint64_t size, uint32_t max)
{
	start();
	memset(long_cmdline, 'x', sizeof(long_cmdline));
	long_cmdline[size] = '\0';
	boot.payload.cmdline = memory_source(long_cmdline, size + 1);
	boot.kernel.cmdline_max = max;
	cmdline_load(&boot);
	EXPECT_EQ(boot.kernel.cmdline_size, size);
	EXPECT_STR(boot.kernel.cmdline, long_cmdline);
}

static void a_cmdline_goes_where_it_fits(void)
{
	load_cmdline(0, 2047);
	EXPECT_EQ(paddr_of(boot.kernel.cmdline), CMDLINE_BASE);
	load_cmdline(2047, 2047);
	EXPECT_EQ(paddr_of(boot.kernel.cmdline), CMDLINE_BASE);
	expect_rest_untouched();
	load_cmdline(4031, 0xffffffff);
	EXPECT_EQ(paddr_of(boot.kernel.cmdline), CMDLINE_BASE);
	expect_rest_untouched();
	load_cmdline(4032, 4032);
	EXPECT_EQ(paddr_of(boot.kernel.cmdline), HIGH_RAM_BASE);
	load_cmdline(0x2fff, 0xffffffff);
	EXPECT_EQ(paddr_of(boot.kernel.cmdline), HIGH_RAM_BASE);
	expect_rest_untouched();
}

static void a_cmdline_without_end_gets_one(void)
{
	start();
	boot.payload.cmdline = memory_source("quiet splash", 5);
	boot.kernel.cmdline_max = 2047;
	cmdline_load(&boot);
	EXPECT_STR(boot.kernel.cmdline, "quiet");
}

static void a_cmdline_too_long_panics(void)
{
	EXPECT_PANIC("cmdline: 101 bytes: the kernel takes 100",
	             load_cmdline(101, 100));
	EXPECT_PANIC("cmdline: 5000 bytes: the kernel takes 2047",
	             load_cmdline(5000, 2047));
	start();
	memory_claim(&boot.memory, "test", HIGH_RAM_BASE, RAM_SIZE, MEMORY_RAM);
	boot.payload.cmdline = memory_source(long_cmdline, 5000);
	boot.kernel.cmdline_max = 5000;
	EXPECT_PANIC("cmdline: 5000 bytes: no free RAM", cmdline_load(&boot));
}

/* What the user said stays; what does not fit is left out. */
static void values_are_added_behind(void)
{
	load_cmdline(3, 2047);
	cmdline_add(&boot.kernel, "tsc_early_khz", 2994375);
	EXPECT_STR(boot.kernel.cmdline, "xxx tsc_early_khz=2994375");
	cmdline_add(&boot.kernel, "a", 0);
	EXPECT_STR(boot.kernel.cmdline, "xxx tsc_early_khz=2994375 a=0");
	load_cmdline(3, 7);
	cmdline_add(&boot.kernel, "a", 4294967295);
	EXPECT_STR(boot.kernel.cmdline, "xxx");
	cmdline_add(&boot.kernel, "a", 7);
	EXPECT_STR(boot.kernel.cmdline, "xxx a=7");
}

/* ---- what is hostile; tests/boot/refusals.cases has each message */

static void corrupt_bytes_panic(void)
{
	start_bzimage();
	give_memory();
	file[SETUP_SIZE + 5] ^= 1;
	EXPECT_PANIC("kernel: sum of 0x3a00 bytes", arch_load_kernel(&boot));
	start_bzimage();
	give_memory();
	initrd[INITRD_SIZE - 1] ^= 1;
	EXPECT_PANIC("initrd: sum of 0x1234 bytes", arch_load_kernel(&boot));
}

static void load_cut(uint64_t size)
{
	start_bzimage();
	file = realloc(file, size);
	file_size = size;
	EXPECT_PANIC("kernel: ", load());
}

static void a_file_is_never_read_beyond_its_end(void)
{
	for (uint64_t size = 1; size <= SETUP_SIZE; size += 37)
		load_cut(size);
}

static bool loads(void (*step)(void))
{
	if (setjmp(*test_catch_panic()) != 0)
		return false;
	step();
	test_release_panic();
	return true;
}

static uint64_t odd_value(void)
{
	static const uint64_t values[] = {
		0,
		1,
		2,
		7,
		0x38,
		0x1000,
		0x3000,
		0x90000,
		0xa0000,
		HIGH_RAM_BASE - 1,
		HIGH_RAM_BASE,
		KERNEL_BASE,
		KERNEL_BASE + 0x800,
		RAM_END - 0x1000,
		RAM_END,
		0x7fffffff,
		0x80000000,
		0xffffffff,
		1ULL << 32,
		1ULL << 46,
		INT64_MAX,
		-0x1000ULL,
		UINT64_MAX,
	};
	uint64_t value = values[random_below(ARRAY_COUNT(values))];

	return random_below(3) ? value : value + random_below(0x2000) - 0x1000;
}

/* Some field, or some bytes, of the first `size` bytes of the file. */
static void mutate(uint64_t from, uint64_t size)
{
	static const uint8_t widths[] = { 1, 2, 4, 8 };

	for (uint32_t i = 1 + random_below(3); i > 0; i--) {
		uint8_t width = widths[random_below(4)];
		uint64_t value = odd_value();

		memcpy(file + from + random_below((uint32_t)(size - width)),
		       &value, width);
	}
}

static void load_segments(void)
{
	arch_load_kernel(&boot);
}

static void mutate_segments(void)
{
	struct payload *payload = &boot.payload;
	struct payload_segment *segment = &payload->segments[random_below(2)];

	switch (random_below(4)) {
	case 0:
		segment->paddr = odd_value();
		break;
	case 1:
		segment->memory_size = odd_value();
		break;
	case 2:
		payload->segments_entry = odd_value();
		break;
	default:
		payload->initrd.size = odd_value();
	}
	/* What bundle_open() has seen to. */
	if (segment->memory_size < segment->source.size ||
	    segment->memory_size > UINT64_MAX - segment->paddr)
		segment->memory_size = segment->source.size;
	payload->initrd.size = min_u64(payload->initrd.size, INITRD_SIZE);
	payload->initrd.stored_size = payload->initrd.size;
	payload->initrd.has_checksum = false;
}

/* Distances up to what a byte says, or with four more bytes. */
static void mutate_relocs(void)
{
	relocs.header = (struct bundle_relocs){
		.alignment = 0x200000,
		.room_size = 0x40000000,
		.count64 = random_below(4),
		.count32_inverse = random_below(2),
		.count32 = random_below(2),
	};
	for (uint32_t i = 0; i < sizeof(relocs.places); i++)
		relocs.places[i] =
			random_below(3) ? (uint8_t)random_below(256) : 255;
	boot.payload.segments_entry = KERNEL_BASE;
	if (random_below(4) == 0) {
		boot.payload.segments[0].memory_size = random_below(32);
		boot.payload.segment_count = 1;
	}
	boot.payload.segments[0].source.size =
		min_u64(boot.payload.segments[0].memory_size, 0x1000);
	boot.payload.segments[0].source.has_checksum = false;
	boot.payload.relocs = memory_source(
		&relocs, sizeof(relocs) - random_below(4) * random_below(16));
}

/* Returns whether it was loaded all the same. */
static bool fuzz_once(uint32_t kind)
{
	bool is_loaded;

	start();
	if (kind < 2) {
		make_bzimage();
		is_by_fw_cfg = kind;
		mutate(SETUP_HEADER_OFFSET, sizeof(struct setup_header));
		is_loaded = loads(load);
	} else if (kind == 2) {
		make_elf();
		mutate(0, sizeof(struct elf64_header) +
		                  2 * sizeof(struct elf64_phdr));
		is_loaded = loads(load);
	} else {
		make_elf();
		give_segments();
		if (kind == 3)
			mutate_segments();
		else
			mutate_relocs();
		is_loaded = loads(load_segments);
	}
	/* Relocations may change what nobody has between two segments. */
	if (kind != 4)
		expect_rest_untouched();
	return is_loaded;
}

static void a_changed_kernel_writes_to_nothing_but_its_ram(void)
{
	uint32_t rounds = 2500, counts[5] = { 0 };

	if (getenv("FUZZ_ROUNDS"))
		rounds = (uint32_t)strtoul(getenv("FUZZ_ROUNDS"), NULL, 0);
	for (uint32_t round = 0; round < rounds; round++) {
		seed = round;
		counts[round % 5] += fuzz_once(round % 5);
	}
	for (uint32_t kind = 0; kind < 5; kind++)
		EXPECT(counts[kind] > rounds / 100 &&
		       counts[kind] < rounds / 5);
}

static bool map(paddr_t base, paddr_t end)
{
	void *wanted = paddr_ptr(base);

	return mmap(wanted, end - base, PROT_READ | PROT_WRITE,
	            MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1,
	            0) == wanted;
}

int main(void)
{
	if (!map(LOW_BASE, LOW_RAM_END) || !map(HIGH_RAM_BASE, RAM_END)) {
		/* Only root may have what lies below vm.mmap_min_addr. */
		printf("skip test_load: mmap at %#x: %s\n", LOW_BASE,
		       strerror(errno));
		return errno != EPERM && errno != EACCES;
	}
	RUN(ram_is_taken_above_4_gib_if_there_is_none_below);
	RUN(a_bzimage_is_loaded);
	RUN(a_bzimage_on_disk_is_loaded);
	RUN(a_uki_by_fw_cfg_is_loaded);
	RUN(a_bzimage_moves_out_of_the_way);
	RUN(an_initrd_goes_below_where_it_must);
	RUN(an_elf_file_is_loaded);
	RUN(elf_segments_that_wrap_are_refused);
	RUN(segments_are_loaded);
	RUN(a_cmdline_goes_where_it_fits);
	RUN(a_cmdline_without_end_gets_one);
	RUN(a_cmdline_too_long_panics);
	RUN(values_are_added_behind);
	RUN(corrupt_bytes_panic);
	RUN(a_file_is_never_read_beyond_its_end);
	RUN(a_changed_kernel_writes_to_nothing_but_its_ram);
	return test_status();
}
