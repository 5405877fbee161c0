/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/unit/test_load.c - kernels and initrds of x86_64, put in place */
#include <stdlib.h>
#include <string.h>

#include "common/spec/fw_cfg.h"
#include "tests/unit/fake_fw_cfg.h"
#include "tests/unit/fake_ram.h"
#include "tests/unit/test.h"
#include "tests/unit/x86_load.h"

/* ---- what is right */

static void expect_bzimage(paddr_t base, paddr_t initrd_paddr)
{
	EXPECT_EQ(guest.kernel.base, base);
	EXPECT_EQ(guest.kernel.size, 0x80000);
	EXPECT_EQ(guest.kernel.entry, base + 0x200);
	EXPECT_EQ(guest.kernel.cmdline_max, 2047);
	EXPECT(!memcmp(paddr_ptr(base), file + SETUP_SIZE, BODY_SIZE));
	expect_initrd(initrd_paddr);
	expect_rest_untouched();
}

static void a_bzimage_is_loaded(void)
{
	load_start_bzimage();
	give_memory();
	load();
	expect_bzimage(KERNEL_BASE, 0x400000);
	load_start_bzimage();
	give_fw_cfg();
	load();
	expect_bzimage(KERNEL_BASE, 0x400000);
}

/* Its setup part may have anything where an ELF file has its headers. */
static void a_bzimage_is_no_elf_file(void)
{
	struct elf64_header *header;

	load_start_bzimage();
	header = (void *)file;
	header->phoff = sizeof(*header);
	header->phentsize = sizeof(struct elf64_phdr);
	header->phnum = 1;
	*phdr_at(0) = (struct elf64_phdr){
		.type = ELF_PT_LOAD,
		.paddr = RAM_END - 0x1000,
		.filesz = 0x1000,
		.memsz = 0x1000,
	};
	load_memory();
	EXPECT_EQ(guest.kernel.base, KERNEL_BASE);
	expect_rest_untouched();
}

static void a_bzimage_with_its_initrd_on_disk_is_loaded(void)
{
	load_start_bzimage();
	give_memory();
	move_to_disk();
	load();
	EXPECT_EQ(guest.kernel.entry, KERNEL_BASE + 0x200);
	EXPECT(!memcmp(paddr_ptr(KERNEL_BASE), file + SETUP_SIZE, BODY_SIZE));
	expect_initrd(0x400000);
	load_start_bzimage();
	give_memory();
	move_to_disk();
	initrd[7] ^= 1;
	EXPECT_PANIC("initrd: sum of 0x1234 bytes", load());
	load_start_bzimage();
	give_memory();
	move_to_disk();
	file[SETUP_SIZE + 9] ^= 1;
	EXPECT_PANIC("kernel: sum of ", load());
}

/* A bundle on a disk has its kernel there, too. */
static void a_kernel_on_disk_is_loaded(void)
{
	load_start_bzimage();
	give_memory();
	payload.kernel.kind = SOURCE_DISK;
	load();
	expect_bzimage(KERNEL_BASE, 0x400000);
	load_start();
	make_elf();
	give_memory();
	payload.kernel.kind = SOURCE_DISK;
	load();
	EXPECT_EQ(guest.kernel.size, 0x49000);
	EXPECT(!memcmp(paddr_ptr(KERNEL_BASE), file + 0x1000, 0x1000));
	EXPECT(!memcmp(paddr_ptr(KERNEL_BASE + 0x40000), file + 0x2000,
	               0x1000));
}

/* QEMU does not know UKIs, and cuts them as it does unknown kernels. */
static void a_uki_by_fw_cfg_is_loaded(void)
{
	uint8_t *uki, *section;
	uint64_t size = 0x400 + SETUP_SIZE + BODY_SIZE;

	load_start_bzimage();
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
	load();
	EXPECT_EQ(guest.kernel.entry, KERNEL_BASE + 0x200);
	EXPECT(!memcmp(paddr_ptr(KERNEL_BASE), file + 0x400 + SETUP_SIZE,
	               BODY_SIZE));
	expect_initrd(0x400000);
	EXPECT_STR(payload.origin, "uki");
	load_start();
	memset(file + 0x400, 0, 0x400); /* no kernel in it */
	give_fw_cfg();
	fake_fw_cfg_add(FW_CFG_SETUP_SIZE, &(uint32_t){ SETUP_SIZE }, 4);
	EXPECT_PANIC("kernel: 0x3a00 bytes: neither a bzImage nor an ELF",
	             load());
	load_start();
	memcpy(file + 0x400, "MZ", 2);
	give_fw_cfg();
	fake_fw_cfg_add(FW_CFG_SETUP_SIZE, &(uint32_t){ SETUP_SIZE }, 4);
	EXPECT_PANIC("uki: no PE header in 0x3a00 bytes", load());
}

static void a_bzimage_moves_out_of_the_way(void)
{
	load_start_bzimage();
	memory_claim(&memory, "test", KERNEL_BASE, 0x1000, MEMORY_RAM);
	memset(paddr_ptr(KERNEL_BASE), 0x5a, 0x1000);
	load_memory();
	expect_bzimage(0x300000, 0x400000);
	EXPECT_EQ(*(uint8_t *)paddr_ptr(KERNEL_BASE + 0xfff), 0x5a);
}

static void an_initrd_goes_below_where_it_must(void)
{
	load_start_bzimage();
	bzimage_header()->pref_address = 0x400000;
	bzimage_header()->initrd_addr_max = 0x3fffff;
	load_memory();
	expect_bzimage(0x400000, 0x200000);
}

static void an_elf_file_is_loaded(void)
{
	const uint8_t *zeros = paddr_ptr(KERNEL_BASE + 0x41000);

	load_start();
	make_elf();
	load_memory();
	EXPECT_EQ(guest.kernel.entry, KERNEL_BASE + 0x10);
	EXPECT_EQ(guest.kernel.base, KERNEL_BASE);
	EXPECT_EQ(guest.kernel.size, 0x49000);
	EXPECT(!memcmp(paddr_ptr(KERNEL_BASE), file + 0x1000, 0x1000));
	EXPECT(!memcmp(paddr_ptr(KERNEL_BASE + 0x40000), file + 0x2000,
	               0x1000));
	EXPECT(zeros[0] == 0 && !memcmp(zeros, zeros + 1, 0x7fff));
	expect_initrd(0x400000);
	expect_rest_untouched();
}

/* A size that wraps must not pass as a small one. */
static void elf_segments_that_wrap_are_refused(void)
{
	load_start();
	make_elf();
	phdr_at(0)->memsz = -1ULL;
	phdr_at(1)->paddr = KERNEL_BASE;
	EXPECT_PANIC("kernel segment: 0xffffffffffffffff bytes", load_memory());
	load_start();
	make_elf();
	phdr_at(1)->memsz = -1ULL;
	phdr_at(1)->paddr = KERNEL_BASE + 0x1000;
	EXPECT_PANIC("kernel segment: 0xffffffffffffffff bytes", load_memory());
	load_start();
	make_elf();
	phdr_at(0)->memsz = -KERNEL_BASE;
	phdr_at(1)->paddr = 0x1000;
	EXPECT_PANIC("kernel segment: ", load_memory());
}

static void segments_are_loaded(void)
{
	load_start();
	make_elf();
	give_segments();
	load();
	EXPECT_EQ(guest.kernel.entry, KERNEL_BASE + 0x10);
	EXPECT_EQ(guest.kernel.size, 0x49000);
	EXPECT(!memcmp(paddr_ptr(KERNEL_BASE), file + 0x1000, 0x1000));
	expect_initrd(0x400000);
	expect_rest_untouched();
	load_start();
	make_elf();
	give_segments();
	move_to_disk();
	load();
	EXPECT(!memcmp(paddr_ptr(KERNEL_BASE), file + 0x1000, 0x1000));
	expect_initrd(0x400000);
	expect_rest_untouched();
}

/* ---- what is hostile; tests/refusals/x86_64.cases has each message */

static void corrupt_bytes_panic(void)
{
	load_start_bzimage();
	give_memory();
	file[SETUP_SIZE + 5] ^= 1;
	EXPECT_PANIC("kernel: sum of 0x3a00 bytes", load());
	load_start_bzimage();
	give_memory();
	initrd[INITRD_SIZE - 1] ^= 1;
	EXPECT_PANIC("initrd: sum of 0x1234 bytes", load());
	/* An ELF file is loaded in pieces, none of which has a sum. */
	load_start();
	make_elf();
	give_memory();
	file[0x1005] ^= 1;
	EXPECT_PANIC("kernel: sum of ", load());
	/* The sum is told of, and not what the wrong byte makes of the file. */
	load_start_bzimage();
	give_memory();
	bzimage_header()->kernel_alignment ^= 1;
	EXPECT_PANIC("kernel: sum of 0x3a00 bytes", load());
}

static void load_cut(uint64_t size)
{
	load_start_bzimage();
	file = realloc(file, size);
	file_size = size;
	EXPECT_PANIC("kernel: ", load_memory());
}

static void a_file_is_never_read_beyond_its_end(void)
{
	for (uint64_t size = 1; size <= SETUP_SIZE; size += 37)
		load_cut(size);
}

int main(void)
{
	if (!load_begin())
		return fake_ram_skip("test_load");
	RUN(a_bzimage_is_loaded);
	RUN(a_bzimage_is_no_elf_file);
	RUN(a_bzimage_with_its_initrd_on_disk_is_loaded);
	RUN(a_kernel_on_disk_is_loaded);
	RUN(a_uki_by_fw_cfg_is_loaded);
	RUN(a_bzimage_moves_out_of_the_way);
	RUN(an_initrd_goes_below_where_it_must);
	RUN(an_elf_file_is_loaded);
	RUN(elf_segments_that_wrap_are_refused);
	RUN(segments_are_loaded);
	RUN(corrupt_bytes_panic);
	RUN(a_file_is_never_read_beyond_its_end);
	return test_status();
}
