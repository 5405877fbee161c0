/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/unit/test_bzimage.c - which bzImages are good, and where they go */
#include <stdlib.h>
#include <string.h>

#include "arch/x86_64/place/kinds.h"
#include "common/spec/fw_cfg.h"
#include "tests/unit/fake_fw_cfg.h"
#include "tests/unit/fake_map.h"
#include "tests/unit/fake_ram.h"
#include "tests/unit/test.h"
#include "tests/unit/x86_load.h"

static void old_protocols_are_refused(void)
{
	load_start_bzimage();
	bzimage_header()->version = 0x20b;
	EXPECT_PANIC("kernel: bzImage of boot protocol 0x20b: need 0x20c",
	             load_memory());
	load_start_bzimage();
	bzimage_header()->boot_flag = 0;
	EXPECT_PANIC("kernel: bzImage of boot protocol 0x20f", load_memory());
	load_start_bzimage();
	bzimage_header()->version = 0x20c;
	load_memory();
}

static void one_without_a_64_bit_entry_is_refused(void)
{
	load_start_bzimage();
	bzimage_header()->xloadflags = XLF_CAN_BE_LOADED_ABOVE_4G;
	EXPECT_PANIC("kernel: bzImage has no 64-bit entry (xloadflags 0x2)",
	             load_memory());
	load_start_bzimage();
	bzimage_header()->loadflags = 0; /* a zImage */
	EXPECT_PANIC("kernel: bzImage has no 64-bit entry", load_memory());
}

static void an_odd_alignment_is_refused(void)
{
	static const uint32_t odd[] = {
		0, 1, 0x800, 0x1001, 0x3000, UINT32_MAX
	};

	for (volatile uint32_t i = 0; i < ARRAY_COUNT(odd); i++) {
		load_start_bzimage();
		bzimage_header()->kernel_alignment = odd[i];
		EXPECT_PANIC("no power of two", load_memory());
	}
	load_start_bzimage();
	bzimage_header()->kernel_alignment = 0x3000;
	EXPECT_PANIC("kernel: bzImage wants alignment 0x3000: no power of two",
	             load_memory());
	load_start_bzimage();
	bzimage_header()->kernel_alignment = 0x1000; /* the least */
	load_memory();
	EXPECT_EQ(guest.kernel.base, KERNEL_BASE);
}

static void a_setup_part_longer_than_the_file_is_refused(void)
{
	load_start_bzimage();
	bzimage_header()->setup_sects = 255;
	EXPECT_PANIC("kernel: bzImage of 0x3a00 bytes: its 64-bit entry is at "
	             "0x20200",
	             load_memory());
}

static void one_that_ends_before_its_entry_is_refused(void)
{
	load_start_bzimage();
	file_size = SETUP_SIZE + BZIMAGE_ENTRY64 + 1;
	load_memory();
	EXPECT_EQ(guest.kernel.entry, KERNEL_BASE + BZIMAGE_ENTRY64);
	load_start_bzimage();
	file_size = SETUP_SIZE + BZIMAGE_ENTRY64;
	EXPECT_PANIC("its 64-bit entry is at", load_memory());
}

/* boot.rst: setup_sects of 0 means 4. */
static void a_setup_part_without_size_has_five_sectors(void)
{
	load_start_bzimage();
	bzimage_header()->setup_sects = 0;
	load_memory();
	EXPECT(!memcmp(paddr_ptr(KERNEL_BASE), file + SETUP_SIZE, BODY_SIZE));
}

static void it_has_the_room_that_it_asks_for(void)
{
	load_start_bzimage();
	bzimage_header()->init_size = 1; /* less than its body takes */
	load_memory();
	EXPECT_EQ(guest.kernel.size, BODY_SIZE);
	load_start_bzimage();
	fake_map_clear();
	load_memory();
	EXPECT(fake_map_has(KERNEL_BASE, 0x80000)); /* with what is behind */
	load_start_bzimage();
	bzimage_header()->init_size = RAM_SIZE;
	EXPECT_PANIC("kernel: needs 0x500000 bytes: no free RAM of that size",
	             load_memory());
	load_start_bzimage();
	bzimage_header()->init_size = UINT32_MAX;
	EXPECT_PANIC("kernel: needs 0xffffffff bytes", load_memory());
	load_start_bzimage();
	bzimage_header()->init_size = RAM_END - KERNEL_BASE;
	give_memory();
	payload.initrd.size = 0;
	load();
	EXPECT_EQ(guest.kernel.base, KERNEL_BASE);
}

static void one_that_cannot_be_moved_is_where_it_wants(void)
{
	load_start_bzimage();
	bzimage_header()->relocatable_kernel = 0;
	bzimage_header()->kernel_alignment = 0x400000;
	load_memory();
	EXPECT_EQ(guest.kernel.base, KERNEL_BASE);
	load_start_bzimage();
	bzimage_header()->relocatable_kernel = 0;
	memory_claim(&memory, "test", KERNEL_BASE + 0x7ffff, 1, MEMORY_RAM);
	EXPECT_PANIC("kernel: 0x80000 bytes at 0x200000: not in free RAM",
	             load_memory());
	load_start_bzimage(); /* below 1 MiB is ours */
	bzimage_header()->pref_address = 0;
	load_memory();
	EXPECT_EQ(guest.kernel.base, HIGH_RAM_BASE);
}

/* It must keep its alignment, and not go below its preferred address. */
static void one_that_is_moved_goes_up(void)
{
	load_start_bzimage();
	bzimage_header()->kernel_alignment = 0x200000;
	bzimage_header()->pref_address = KERNEL_BASE + 1;
	load_memory();
	EXPECT_EQ(guest.kernel.base, 0x400000);
	load_start_bzimage();
	bzimage_header()->pref_address = RAM_END;
	EXPECT_PANIC("no free RAM of that size", load_memory());
	load_start_bzimage();
	bzimage_header()->pref_address = FOUR_GIB + KERNEL_BASE;
	bzimage_header()->xloadflags |= XLF_CAN_BE_LOADED_ABOVE_4G;
	EXPECT_PANIC("no free RAM of that size", load_memory());
}

/* boot.rst, "xloadflags": XLF_CAN_BE_LOADED_ABOVE_4G */
static void only_one_that_can_goes_above_4_gib(void)
{
	load_start_bzimage();
	memory_set(&memory, HIGH_BASE, HIGH_SIZE, MEMORY_RAM);
	memory_claim(&memory, "test", HIGH_RAM_BASE, RAM_SIZE, MEMORY_RAM);
	EXPECT_PANIC("kernel: needs 0x80000 bytes: no free RAM of that size",
	             load_memory());
	load_start_bzimage();
	memory_set(&memory, HIGH_BASE, HIGH_SIZE, MEMORY_RAM);
	memory_claim(&memory, "test", HIGH_RAM_BASE, RAM_SIZE, MEMORY_RAM);
	bzimage_header()->xloadflags |= XLF_CAN_BE_LOADED_ABOVE_4G;
	bzimage_header()->kernel_alignment = 0x1000;
	load_memory();
	EXPECT_EQ(guest.kernel.base, HIGH_BASE);
	EXPECT_EQ(guest.kernel.entry, HIGH_BASE + 0x200);
	EXPECT(!memcmp(paddr_ptr(HIGH_BASE), file + SETUP_SIZE, BODY_SIZE));
	EXPECT(fake_ram_is(KERNEL_BASE, KERNEL_BASE + BODY_SIZE, 0xa5));
}

/* Sizes have 64 bits, though no kernel is so large. */
static void one_of_4_gib_has_no_room(void)
{
	load_start_bzimage();
	give_memory();
	payload.head = file;
	payload.head_size = file_size;
	payload.kernel.size = FOUR_GIB + SETUP_SIZE + 1;
	EXPECT_PANIC("kernel: needs 0x100000001 bytes: no free RAM",
	             bzimage_claim(&guest.kernel, &payload, &memory));
}

static void its_header_is_handed_back_as_far_as_it_reaches(void)
{
	load_start_bzimage();
	load_memory();
	EXPECT(guest.kernel.setup_header == bzimage_header());
	EXPECT_EQ(guest.kernel.setup_header_size,
	          0x202 + 0x6a - SETUP_HEADER_OFFSET);
	load_start_bzimage();
	bzimage_header()->jump = 0xffeb;
	load_memory();
	EXPECT_EQ(guest.kernel.setup_header_size, sizeof(struct setup_header));
	load_start_bzimage();
	bzimage_header()->jump = 0x10eb;
	load_memory();
	EXPECT_EQ(guest.kernel.setup_header_size, 0x212 - 0x1f1);
	load_start_bzimage();
	bzimage_header()->jump = 0x00eb;
	load_memory();
	EXPECT_EQ(guest.kernel.setup_header_size, 0x202 - SETUP_HEADER_OFFSET);
	EXPECT(!guest.kernel.is_randomized);
}

static void its_initrd_may_be_as_high_as_it_says(void)
{
	load_start_bzimage();
	load_memory();
	EXPECT_EQ(guest.kernel.initrd.end, 0x80000000);
	load_start_bzimage();
	bzimage_header()->initrd_addr_max = UINT32_MAX;
	load_memory();
	EXPECT_EQ(guest.kernel.initrd.end, FOUR_GIB);
	load_start_bzimage();
	bzimage_header()->xloadflags |= XLF_CAN_BE_LOADED_ABOVE_4G;
	load_memory();
	EXPECT_EQ(guest.kernel.initrd.end, 1ULL << 46);
}

static void a_short_header_is_refused(void)
{
	load_start_bzimage();
	give_memory();
	payload.kernel = memory_source(file, SETUP_HEADER_OFFSET + 100);
	EXPECT_PANIC("kernel: 0x255 bytes: neither a bzImage nor an ELF file",
	             load());
}

static void a_header_may_be_no_shorter(void)
{
	uint8_t *head;

	load_start_bzimage();
	head = malloc(0x264); /* where boot.rst's fields end */
	memcpy(head, file, 0x264);
	bzimage_check(head, 0x264);
	EXPECT_PANIC("kernel: bzImage of 0x263 bytes: its header takes 0x264",
	             bzimage_check(head, 0x263));
	free(head);
}

static void a_compressed_file_is_refused(void)
{
	load_start_bzimage();
	give_memory();
	payload.kernel.compression = 1;
	EXPECT_PANIC("kernel: file under compression 1: must be none", load());
}

/* A DMA over the kernel comes first. QEMU's TCG sees that code changed. */
static void after_a_reboot_translations_are_dropped(void)
{
	static const char signature[] = "QEMU";

	load_start_bzimage();
	give_fw_cfg();
	fake_fw_cfg_add(FW_CFG_SIGNATURE, signature, 4);
	machine.hypervisor = MACHINE_HYPERVISOR_TCG;
	machine.fw_cfg.is_present = true;
	load();
	EXPECT_EQ(fake_fw_cfg_transfers(), 5);
	EXPECT(!memcmp(paddr_ptr(KERNEL_BASE), file + SETUP_SIZE, BODY_SIZE));
	EXPECT(fake_ram_is(KERNEL_BASE + BODY_SIZE, KERNEL_BASE + 0x80000, 0));
	load_start_bzimage();
	memset(paddr_ptr(KERNEL_BASE), 0, 8); /* nothing ran there */
	give_fw_cfg();
	machine.hypervisor = MACHINE_HYPERVISOR_TCG;
	machine.fw_cfg.is_present = true;
	load();
	EXPECT_EQ(fake_fw_cfg_transfers(), 4);
	load_start_bzimage();
	memset(paddr_ptr(KERNEL_BASE), 0, 7); /* half a word will do */
	give_fw_cfg();
	fake_fw_cfg_add(FW_CFG_SIGNATURE, signature, 4);
	machine.hypervisor = MACHINE_HYPERVISOR_TCG;
	machine.fw_cfg.is_present = true;
	load();
	EXPECT_EQ(fake_fw_cfg_transfers(), 5);
	/* KVM has none of them. */
	load_start_bzimage();
	give_fw_cfg();
	machine.hypervisor = MACHINE_HYPERVISOR_KVM;
	machine.fw_cfg.is_present = true;
	load();
	EXPECT_EQ(fake_fw_cfg_transfers(), 4);
}

int main(void)
{
	if (!load_begin())
		return fake_ram_skip("test_bzimage");
	RUN(old_protocols_are_refused);
	RUN(one_without_a_64_bit_entry_is_refused);
	RUN(an_odd_alignment_is_refused);
	RUN(a_setup_part_longer_than_the_file_is_refused);
	RUN(one_that_ends_before_its_entry_is_refused);
	RUN(a_setup_part_without_size_has_five_sectors);
	RUN(it_has_the_room_that_it_asks_for);
	RUN(one_that_cannot_be_moved_is_where_it_wants);
	RUN(one_that_is_moved_goes_up);
	if (fake_ram_map(HIGH_BASE, HIGH_BASE + HIGH_SIZE))
		RUN(only_one_that_can_goes_above_4_gib);
	RUN(one_of_4_gib_has_no_room);
	RUN(its_header_is_handed_back_as_far_as_it_reaches);
	RUN(its_initrd_may_be_as_high_as_it_says);
	RUN(a_short_header_is_refused);
	RUN(a_header_may_be_no_shorter);
	RUN(a_compressed_file_is_refused);
	RUN(after_a_reboot_translations_are_dropped);
	return test_status();
}
