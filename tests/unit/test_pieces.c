/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/unit/test_pieces.c - kernels in pieces: ELF files, and packed ones */
#include <string.h>

#include "arch/x86_64/place/kinds.h"
#include "common/spec/bundle.h"
#include "common/spec/fw_cfg.h"
#include "tests/unit/fake_cpu.h"
#include "tests/unit/fake_fw_cfg.h"
#include "tests/unit/fake_map.h"
#include "tests/unit/fake_ram.h"
#include "tests/unit/test.h"
#include "tests/unit/x86_load.h"

#define ELF_NOTE 4

static struct bundle_relocs relocs;

static struct elf64_header *elf(void)
{
	return (void *)file;
}

static void start_elf(void)
{
	load_start();
	make_elf();
}

/* ---- ELF files */

static void elf_files_of_another_kind_are_refused(void)
{
	start_elf();
	elf()->class = 1;
	EXPECT_PANIC("kernel: ELF of class 1, data 1, machine 62: need 2, 1, "
	             "62",
	             load_memory());
	start_elf();
	elf()->class = 0;
	EXPECT_PANIC("kernel: ELF of class 0, data 1", load_memory());
	start_elf();
	elf()->data = 2;
	EXPECT_PANIC("kernel: ELF of class 2, data 2", load_memory());
	start_elf();
	elf()->machine = BUNDLE_ARCH_AARCH64;
	EXPECT_PANIC("machine 183: need 2, 1, 62", load_memory());
}

static void program_headers_outside_are_refused(void)
{
	start_elf();
	elf()->phentsize = 32;
	EXPECT_PANIC("kernel: ELF has 2 program headers of 32 bytes at 0x40",
	             load_memory());
	start_elf();
	elf()->phoff = file_size - 56;
	EXPECT_PANIC("2 program headers of 56 bytes at 0x2fc8: beyond 0x3000",
	             load_memory());
	start_elf();
	elf()->phoff = -8ULL;
	EXPECT_PANIC("at 0xfffffffffffffff8: beyond", load_memory());
	start_elf();
	elf()->phnum = UINT16_MAX;
	EXPECT_PANIC("65535 program headers", load_memory());
	start_elf();
	elf()->phoff = 0x44;
	EXPECT_PANIC("2 program headers of 56 bytes at 0x44", load_memory());
}

static void other_headers_are_passed_by(void)
{
	start_elf();
	phdr_at(1)->type = ELF_NOTE;
	phdr_at(1)->paddr = 0x5000;
	load_memory();
	EXPECT_EQ(guest.kernel.size, 0x1000);
	start_elf();
	phdr_at(1)->memsz = phdr_at(1)->filesz = 0;
	phdr_at(1)->paddr = 0;
	load_memory();
	EXPECT_EQ(guest.kernel.size, 0x1000);
	start_elf();
	phdr_at(0)->type = phdr_at(1)->type = ELF_NOTE;
	EXPECT_PANIC("kernel: entry 0x200010: not in its 0 bytes at 0",
	             load_memory());
}

/* What follows them is of no use, whatever it looks like. */
static void no_more_headers_are_read_than_there_are(void)
{
	start_elf();
	*phdr_at(2) = *phdr_at(0);
	phdr_at(2)->paddr = KERNEL_BASE + 0x80000;
	load_memory();
	EXPECT_EQ(guest.kernel.size, 0x49000);
	expect_rest_untouched();
}

static void segments_come_in_any_order(void)
{
	start_elf();
	phdr_at(0)->paddr = KERNEL_BASE + 0x40000;
	phdr_at(1)->paddr = KERNEL_BASE;
	load_memory();
	EXPECT_EQ(guest.kernel.base, KERNEL_BASE);
	EXPECT_EQ(guest.kernel.size, 0x41000);
	EXPECT(!memcmp(paddr_ptr(KERNEL_BASE), file + 0x2000, 0x1000));
	EXPECT(!memcmp(paddr_ptr(KERNEL_BASE + 0x40000), file + 0x1000,
	               0x1000));
	expect_rest_untouched();
}

static void segments_in_the_way_are_refused(void)
{
	start_elf();
	phdr_at(1)->paddr = KERNEL_BASE + 0xfff;
	EXPECT_PANIC("kernel segment: 0x9000 bytes at 0x200fff: not in free",
	             load_memory());
	start_elf();
	phdr_at(0)->paddr = HIGH_RAM_BASE - 1;
	EXPECT_PANIC("kernel: segment at 0xfffff: must be above 0x100000",
	             load_memory());
	start_elf();
	phdr_at(0)->paddr = RAM_END - 0xfff;
	EXPECT_PANIC("kernel segment: 0x1000 bytes at 0x5ff001: not in free",
	             load_memory());
}

static void segments_that_lie_are_refused(void)
{
	start_elf();
	phdr_at(0)->filesz = 0x1001;
	EXPECT_PANIC("kernel: ELF segment of 0x1001 bytes in 0x1000",
	             load_memory());
	start_elf();
	phdr_at(1)->offset = file_size - 0xfff;
	EXPECT_PANIC("kernel segment: 0x1000 bytes at 0x2001: there are only "
	             "0x3000",
	             load_memory());
	start_elf();
	phdr_at(1)->offset = UINT64_MAX;
	EXPECT_PANIC("kernel segment: 0x1000 bytes at 0xffffffffffffffff",
	             load_memory());
}

/* The host's tool judges a kernel by this, and does not load it. */
static void they_are_refused_before_any_is_loaded(void)
{
	start_elf();
	give_memory();
	payload.head = file;
	payload.head_size = file_size;
	phdr_at(1)->offset = file_size - 0xfff;
	EXPECT_PANIC("kernel segment: 0x1000 bytes at 0x2001: there are only "
	             "0x3000",
	             elf_claim(&guest.kernel, &payload, &memory));
}

static void a_file_may_have_more_than_4_gib(void)
{
	start_elf();
	give_memory();
	payload.head = file;
	payload.head_size = file_size;
	payload.kernel.size = FOUR_GIB;
	elf_claim(&guest.kernel, &payload, &memory);
	EXPECT_EQ(guest.kernel.size, 0x49000);
}

static void the_lowest_may_be_at_1_mib(void)
{
	start_elf();
	phdr_at(0)->paddr = HIGH_RAM_BASE;
	load_memory();
	EXPECT_EQ(guest.kernel.base, HIGH_RAM_BASE);
}

static void an_entry_outside_is_refused(void)
{
	static const uint64_t outside[] = { 0, KERNEL_BASE - 1,
		                            KERNEL_BASE + 0x49000, UINT64_MAX };

	for (volatile uint32_t i = 0; i < ARRAY_COUNT(outside); i++) {
		start_elf();
		elf()->entry = outside[i];
		EXPECT_PANIC("not in its 0x49000 bytes at 0x200000",
		             load_memory());
	}
	start_elf();
	elf()->entry = KERNEL_BASE + 0x48fff;
	load_memory();
	EXPECT_EQ(guest.kernel.entry, KERNEL_BASE + 0x48fff);
}

/* QEMU has put the segments in place, and gives us their headers. */
static void what_is_in_place_stays_as_it_is(void)
{
	start_elf();
	give_fw_cfg();
	load();
	EXPECT_EQ(guest.kernel.base, KERNEL_BASE);
	EXPECT_EQ(guest.kernel.size, 0x49000);
	EXPECT_EQ(guest.kernel.entry, KERNEL_BASE + 0x10);
	EXPECT(fake_ram_is(KERNEL_BASE, KERNEL_BASE + 0x49000, 0xa5));
	EXPECT(!memory_is_free(&memory, KERNEL_BASE, 1));
}

static void kernels_in_pieces_take_what_linux_takes(void)
{
	start_elf();
	fake_map_clear();
	load_memory();
	EXPECT_EQ(guest.kernel.cmdline_max, 2047);
	EXPECT_EQ(guest.kernel.initrd.base, KERNEL_BASE + 0x49000);
	EXPECT_EQ(guest.kernel.initrd.end, 1ULL << 46);
	EXPECT(guest.kernel.setup_header == NULL);
	EXPECT(fake_map_has(KERNEL_BASE, 0x1000));
	EXPECT(!fake_map_has(KERNEL_BASE + 0x1000, 0x1000));
	EXPECT(fake_map_has(KERNEL_BASE + 0x40000, 0x9000));
}

static void one_above_4_gib_is_loaded_there(void)
{
	start_elf();
	memory_set(&memory, HIGH_BASE, HIGH_SIZE, MEMORY_RAM);
	phdr_at(0)->paddr = HIGH_BASE;
	phdr_at(1)->paddr = HIGH_BASE + 0x40000;
	elf()->entry = HIGH_BASE + 0x10;
	load_memory();
	EXPECT_EQ(guest.kernel.base, HIGH_BASE);
	EXPECT_EQ(guest.kernel.size, 0x49000);
	EXPECT_EQ(guest.kernel.entry, HIGH_BASE + 0x10);
	EXPECT(!memcmp(paddr_ptr(HIGH_BASE), file + 0x1000, 0x1000));
	EXPECT(!memcmp(paddr_ptr(HIGH_BASE + 0x40000), file + 0x2000, 0x1000));
	EXPECT(fake_ram_is(HIGH_BASE + 0x41000, HIGH_BASE + 0x49000, 0));
	EXPECT(fake_ram_is(KERNEL_BASE, KERNEL_BASE + 0x49000, 0xa5));
}

/* ---- packed ones */

static void start_segments(void)
{
	start_elf();
	give_segments();
	fake_cpu_clear();
}

/* The bundle would be refused before, but the loader checks, too. */
static void empty_segments_at_0_are_refused(void)
{
	start_segments();
	payload.segments[1].memory_size = 0;
	payload.segments[1].paddr = 0;
	payload.segments[1].source.size = 0;
	EXPECT_PANIC("kernel: segment at ", load());
}

/* KASLR would count what is never claimed. */
static void nor_is_one_empty_elsewhere(void)
{
	start_segments();
	payload.segments[1].memory_size = 0;
	payload.segments[1].source.size = 0;
	EXPECT_PANIC("bug: size > 0", load());
}

static void their_entry_is_in_one(void)
{
	start_segments();
	payload.segments_entry = KERNEL_BASE + 0x49000;
	EXPECT_PANIC("kernel: entry 0x249000: not in its 0x49000 bytes at "
	             "0x200000",
	             load());
	start_segments();
	payload.segments[0].source.sum64++;
	EXPECT_PANIC("kernel segment: sum of 0x1000 bytes", load());
}

/* QEMU's TCG sees by a DMA that code has changed: place/kernel.c. */
static void after_a_reboot_translations_are_dropped(void)
{
	start_segments();
	fake_fw_cfg_clear();
	fake_fw_cfg_add(FW_CFG_SIGNATURE, "QEMU", 4);
	machine.hypervisor = MACHINE_HYPERVISOR_TCG;
	machine.fw_cfg.is_present = true;
	load();
	EXPECT_EQ(fake_fw_cfg_transfers(), 2);
	EXPECT(!memcmp(paddr_ptr(KERNEL_BASE), file + 0x1000, 0x1000));
}

static void give_relocs(void)
{
	relocs = (struct bundle_relocs){
		.alignment = 0x200000,
		.room_size = 0x40000000,
	};
	payload.relocs = memory_source(&relocs, sizeof(relocs));
}

/* There is no other room for it, but its virtual address is random. */
static void one_with_relocations_may_move(void)
{
	start_segments();
	give_relocs();
	fake_cpu.tsc_step = 77;
	load();
	EXPECT(guest.kernel.is_randomized);
	EXPECT_EQ(guest.kernel.base, KERNEL_BASE);
	EXPECT_EQ(guest.kernel.entry, KERNEL_BASE + 0x10);
	expect_rest_untouched();
}

static void what_is_taken_behind_it_does_not_matter(void)
{
	start_segments();
	give_relocs();
	memory_claim(&memory, "test", KERNEL_BASE + 0x49000, 0x1000,
	             MEMORY_RAM);
	load();
	EXPECT_EQ(guest.kernel.base, KERNEL_BASE);
}

static void all_pieces_move_as_far(void)
{
	start_segments();
	give_relocs();
	relocs.alignment = 0x100000;
	payload.relocs.has_checksum = false;
	payload.initrd.size = 0;
	payload.cmdline = memory_source("nokaslr", 8);
	memory_claim(&memory, "test", KERNEL_BASE + 0x20000, 0x1000,
	             MEMORY_RAM);
	load();
	EXPECT_EQ(guest.kernel.base, 0x300000);
	EXPECT_EQ(guest.kernel.entry, 0x300010);
	EXPECT_EQ(guest.kernel.size, 0x49000);
	EXPECT(!memcmp(paddr_ptr(0x340000), file + 0x2000, 0x1000));
	EXPECT(!guest.kernel.is_randomized);
}

/* The smallest has room for one word to relocate. */
static void a_kernel_of_one_word_is_loaded(void)
{
	start_segments();
	give_relocs();
	payload.segment_count = 1;
	payload.segments[0].memory_size = 8;
	payload.segments[0].source = memory_source(file + 0x1000, 8);
	payload.segments_entry = KERNEL_BASE;
	load();
	EXPECT_EQ(guest.kernel.size, 8);
	EXPECT(!memcmp(paddr_ptr(guest.kernel.base), file + 0x1000, 8));
}

/* All RAM below is in use, or the packed file itself lies above. */
static void packed_ones_may_lie_above_4_gib(void)
{
	for (volatile uint32_t i = 0; i < 2; i++) {
		start_segments();
		memory_set(&memory, HIGH_BASE, HIGH_SIZE, MEMORY_RAM);
		if (i == 0) {
			give_relocs();
			relocs.alignment = 0x100000;
			payload.relocs.has_checksum = false;
			payload.initrd.size = 0;
			payload.cmdline = memory_source("nokaslr", 8);
			memory_claim(&memory, "test", HIGH_RAM_BASE, RAM_SIZE,
			             MEMORY_RAM);
		} else {
			payload.segments[0].paddr += HIGH_BASE - KERNEL_BASE;
			payload.segments[1].paddr += HIGH_BASE - KERNEL_BASE;
			payload.segments_entry += HIGH_BASE - KERNEL_BASE;
		}
		memset(paddr_ptr(HIGH_BASE), 0xa5, HIGH_SIZE);
		fake_map_clear();
		load();
		EXPECT_EQ(guest.kernel.base, HIGH_BASE);
		EXPECT_EQ(guest.kernel.size, 0x49000);
		EXPECT_EQ(guest.kernel.entry, HIGH_BASE + 0x10);
		EXPECT(fake_map_has(HIGH_BASE, 0x1000));
		EXPECT(!fake_map_has(HIGH_BASE + 0x1000, 0x1000));
		EXPECT(fake_map_has(HIGH_BASE + 0x40000, 0x9000));
		EXPECT(!memcmp(paddr_ptr(HIGH_BASE), file + 0x1000, 0x1000));
		EXPECT(!memcmp(paddr_ptr(HIGH_BASE + 0x40000), file + 0x2000,
		               0x1000));
		EXPECT(fake_ram_is(HIGH_BASE + 0x41000, HIGH_BASE + 0x49000,
		                   0));
		EXPECT(fake_ram_is(KERNEL_BASE, KERNEL_BASE + 0x49000, 0xa5));
	}
}

/* Without KASLR nothing is relocated, so others may lie between them. */
static void one_that_stays_needs_no_gaps(void)
{
	start_segments();
	give_relocs();
	payload.initrd.size = 0;
	payload.cmdline = memory_source("nokaslr", 8);
	memory_claim(&memory, "test", KERNEL_BASE + 0x20000, 0x1000,
	             MEMORY_RAM);
	memory_claim(&memory, "test", 0x400000, RAM_END - 0x400000, MEMORY_RAM);
	load();
	EXPECT_EQ(guest.kernel.base, KERNEL_BASE);
}

/* Places to relocate may be between its pieces. */
static void without_room_for_all_of_it_is_refused(void)
{
	start_segments();
	give_relocs();
	memory_claim(&memory, "test", KERNEL_BASE + 0x20000, 0x1000,
	             MEMORY_RAM);
	memory_claim(&memory, "test", 0x440000, 0x1000, MEMORY_RAM);
	EXPECT_PANIC("kernel: 0x49000 bytes at 0x200000: not in free RAM",
	             load());
	start_segments();
	give_relocs();
	payload.segment_count = 1;
	payload.segments[0].memory_size = 7;
	payload.segments[0].source.size = 7;
	EXPECT_PANIC("kernel: 0x7 bytes at ", load());
}

int main(void)
{
	if (!load_begin())
		return fake_ram_skip("test_pieces");
	RUN(elf_files_of_another_kind_are_refused);
	RUN(program_headers_outside_are_refused);
	RUN(other_headers_are_passed_by);
	RUN(no_more_headers_are_read_than_there_are);
	RUN(segments_come_in_any_order);
	RUN(segments_in_the_way_are_refused);
	RUN(segments_that_lie_are_refused);
	RUN(they_are_refused_before_any_is_loaded);
	RUN(a_file_may_have_more_than_4_gib);
	RUN(the_lowest_may_be_at_1_mib);
	RUN(an_entry_outside_is_refused);
	RUN(what_is_in_place_stays_as_it_is);
	RUN(kernels_in_pieces_take_what_linux_takes);
	RUN(empty_segments_at_0_are_refused);
	RUN(nor_is_one_empty_elsewhere);
	RUN(their_entry_is_in_one);
	RUN(after_a_reboot_translations_are_dropped);
	RUN(one_with_relocations_may_move);
	RUN(what_is_taken_behind_it_does_not_matter);
	RUN(all_pieces_move_as_far);
	if (fake_ram_map(HIGH_BASE, HIGH_BASE + HIGH_SIZE)) {
		RUN(one_above_4_gib_is_loaded_there);
		RUN(packed_ones_may_lie_above_4_gib);
	}
	RUN(a_kernel_of_one_word_is_loaded);
	RUN(one_that_stays_needs_no_gaps);
	RUN(without_room_for_all_of_it_is_refused);
	return test_status();
}
