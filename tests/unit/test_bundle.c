/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/unit/test_bundle.c - the blob refuses each kind of wrong bundle */
#include <stdlib.h>
#include <string.h>

#include "common/arch.h"
#include "common/image.h"
#include "common/lib/sum64.h"
#include "common/payload/bundle.h"
#include "common/payload/bundle_table.h"
#include "common/spec/bundle.h"
#include "tests/unit/test.h"

#define BUNDLE_SIZE   0x5000
#define SECTION_COUNT 4

/* A kernel in two segments, an initrd and a command line. */
static struct {
	struct bundle_header header;
	struct bundle_section sections[BUNDLE_SECTION_MAX];
	uint8_t rest[BUNDLE_SIZE - sizeof(struct bundle_header) -
	             BUNDLE_SECTION_MAX * sizeof(struct bundle_section)];
} bundle;

static struct payload payload;
static struct memory memory;
static uint8_t disk_pages[DISK_PAGE_COUNT * DISK_PAGE_SIZE];

const uint32_t arch_elf_machine = BUNDLE_ARCH_X86_64;
const uint32_t image_bundle_flags = BUNDLE_FLAGS_KNOWN;

/* The disk holds the bundle. */
void disk_read(const struct disk *disk, uint64_t offset, paddr_t dest,
               uint64_t size)
{
	EXPECT(disk == &payload.disk);
	EXPECT(dest - paddr_of(disk_pages) + size <= sizeof(disk_pages));
	EXPECT(offset + size <= BUNDLE_SIZE);
	/* So what ends with a page of the disk ends with one of RAM. */
	EXPECT_EQ((dest - paddr_of(disk_pages) - offset) % DISK_PAGE_SIZE, 0);
	memcpy(paddr_ptr(dest), (uint8_t *)&bundle + offset, size);
}

static uint32_t fetched_count;

void source_fetch(const struct source_reader *reader, const char *name,
                  struct source *source, struct memory *from)
{
	EXPECT(reader == &payload.reader && from == &memory && name);
	EXPECT(source->kind == SOURCE_DISK);
	source->kind = SOURCE_MEMORY;
	source->data = &bundle;
	fetched_count++;
}

static void sign(void)
{
	uint64_t sum = sum64(0, &bundle,
	                     offsetof(struct bundle_header, checksum.sum64));

	bundle.header.checksum.sum64 =
		sum64(sum, bundle.sections,
	              bundle.header.section_count * sizeof(*bundle.sections));
}

static void set_section(unsigned index, enum bundle_section_type type,
                        uint64_t size)
{
	bundle.sections[index] = (struct bundle_section){
		.type = type,
		.offset = (index + 1) * 0x1000,
		.stored_size = size,
		.size = size,
	};
}

/* Makes a good bundle. Each test then makes one thing wrong. */
static void make(void)
{
	memset(&bundle, 0, sizeof(bundle));
	memset(&payload, 0, sizeof(payload));
	payload.disk.pages = paddr_of(disk_pages);
	bundle.header = (struct bundle_header){
		.magic = BUNDLE_MAGIC,
		.version = BUNDLE_VERSION,
		.header_size = sizeof(bundle.header),
		.total_size = BUNDLE_SIZE,
		.arch = BUNDLE_ARCH_X86_64,
		.flags = BUNDLE_FLAG_VERBOSE | BUNDLE_FLAG_VMM_ACPI,
		.on_error = BUNDLE_ON_ERROR_RESET,
		.kernel_kind = BUNDLE_KERNEL_SEGMENTS,
		.entry = 0x1000000,
		.section_count = SECTION_COUNT,
		.section_size = sizeof(*bundle.sections),
	};
	set_section(0, BUNDLE_SECTION_KERNEL_SEGMENT, 0x1000);
	bundle.sections[0].paddr = 0x1000000;
	bundle.sections[0].memory_size = 0x3000;
	set_section(1, BUNDLE_SECTION_KERNEL_SEGMENT, 0xfff);
	bundle.sections[1].paddr = 0x1003000;
	bundle.sections[1].memory_size = 0x1000;
	bundle.sections[1].compression = BUNDLE_COMPRESSION_LZ4;
	bundle.sections[1].size = 0x1000;
	set_section(2, BUNDLE_SECTION_INITRD, 0x234);
	set_section(3, BUNDLE_SECTION_CMDLINE, 0x1000);
	sign();
}

static void open_it(void)
{
	bundle_open(&payload, &bundle, BUNDLE_SIZE);
}

static void open_signed(void)
{
	sign();
	open_it();
}

/* The search for bundles has read the disk's first page already. */
static void open_on_disk(uint64_t size)
{
	payload.disk.sector_count = size / DISK_SECTOR_SIZE;
	memcpy(disk_pages, &bundle, DISK_PAGE_SIZE);
	bundle_open_disk(&payload, &memory);
}

static void a_good_one_is_opened(void)
{
	make();
	EXPECT(bundle_is_at(&bundle, BUNDLE_SIZE));
	EXPECT(bundle_is_at(&bundle, sizeof(struct bundle_header)));
	EXPECT(!bundle_is_at(&bundle, sizeof(struct bundle_header) - 1));
	open_signed();
	EXPECT(payload.options.is_verbose);
	EXPECT(payload.options.wants_vmm_acpi);
	EXPECT(!payload.options.wants_device_tree);
	EXPECT_EQ(payload.options.on_error, PAYLOAD_ON_ERROR_RESET);
	EXPECT_STR(payload.origin, "bundle");
	EXPECT_EQ(payload.segment_count, 2);
	EXPECT_EQ(payload.segments[1].paddr, 0x1003000);
	EXPECT_EQ(payload.segments[1].source.size, 0x1000);
	EXPECT_EQ(payload.segments[1].source.stored_size, 0xfff);
	EXPECT_EQ(payload.segments_entry, 0x1000000);
	EXPECT(payload.initrd.data == (uint8_t *)&bundle + 0x3000);
	EXPECT_EQ(payload.initrd.size, 0x234);
	EXPECT(payload.cmdline.kind == SOURCE_MEMORY);
	EXPECT(payload.kernel.kind == SOURCE_NONE);
	EXPECT(payload.dtb.kind == SOURCE_NONE);
	EXPECT(!payload.needs_zstd);
	make();
	bundle.sections[2].compression = BUNDLE_COMPRESSION_ZSTD;
	bundle.sections[2].size = 0x1000;
	open_signed();
	EXPECT(payload.needs_zstd);
}

/* Only its first page is in memory. */
static void one_on_disk_stays_there(void)
{
	make();
	bundle.sections[3].compression = BUNDLE_COMPRESSION_NONE;
	sign();
	fetched_count = 0;
	open_on_disk(BUNDLE_SIZE);
	EXPECT(payload.segments[0].source.kind == SOURCE_DISK);
	EXPECT_EQ(payload.segments[0].source.disk_offset, 0x1000);
	EXPECT(payload.initrd.kind == SOURCE_DISK);
	EXPECT_EQ(payload.initrd.disk_offset, 0x3000);
	/* An LZ4 segment, and the command line. */
	EXPECT_EQ(fetched_count, 2);
	EXPECT(payload.segments[1].source.kind == SOURCE_MEMORY);
	EXPECT(payload.cmdline.kind == SOURCE_MEMORY);
	EXPECT_STR(payload.origin, "disk");
	make();
	EXPECT_PANIC("bundle: 0x5000 bytes: there are 0x4e00",
	             open_on_disk(0x4e00));
}

static void flip_and_open(size_t bit)
{
	make();
	((uint8_t *)&bundle)[bit / 8] ^= (uint8_t)(1 << bit % 8);
	EXPECT_PANIC("bundle: ", open_it());
}

static void each_flipped_bit_of_header_and_table_panics(void)
{
	for (size_t bit = 0; bit < offsetof(typeof(bundle), rest) * 8; bit++)
		flip_and_open(bit);
}

static void truncate_and_open(uint64_t size)
{
	void *copy = malloc(size > 0 ? size : 1);

	make();
	memcpy(copy, &bundle, size);
	EXPECT_PANIC("bundle: ", bundle_open(&payload, copy, size));
	free(copy);
}

static void make_with_flip(uint32_t at)
{
	make();
	bundle.sections[3].size = 0x567;
	bundle.sections[3].stored_size = 0x567;
	sign();
	((uint8_t *)&bundle)[at] ^= (uint8_t)(1 << at % 8);
}

/* There is padding behind the table and behind the last section, too. */
static void each_flipped_byte_of_the_padding_panics(void)
{
	static const uint32_t gaps[][2] = {
		{ sizeof(bundle.header) + sizeof(bundle.sections), 0x1000 },
		{ 0x2fff, 0x3000 },
		{ 0x3234, 0x4000 },
		{ 0x4567, 0x5000 },
	};

	for (volatile size_t i = 0; i < ARRAY_COUNT(gaps); i++) {
		for (volatile uint32_t at = gaps[i][0]; at < gaps[i][1]; at++) {
			make_with_flip(at);
			EXPECT_PANIC("must be zeros", open_signed());
			make_with_flip(at);
			EXPECT_PANIC("must be zeros",
			             open_on_disk(BUNDLE_SIZE));
		}
	}
}

static void each_truncation_panics(void)
{
	for (uint64_t size = 0; size < BUNDLE_SIZE; size += 7)
		truncate_and_open(size);
}

static void a_header_that_lies_panics(void)
{
	make();
	bundle.header.version = 2;
	EXPECT_PANIC("version 2: this blob reads version 1", open_signed());
	make();
	bundle.header.header_size = 96;
	EXPECT_PANIC("header of 96 bytes", open_signed());
	make();
	bundle.header.section_count = 25;
	EXPECT_PANIC("25 sections: at most 24", open_it());
	make();
	bundle.header.total_size = BUNDLE_SIZE + 0x1000;
	EXPECT_PANIC("0x6000 bytes: there are 0x5000", open_signed());
	make();
	bundle.header.total_size = 0x60;
	EXPECT_PANIC("0x60 bytes", open_signed());
	make();
	bundle.header.arch = BUNDLE_ARCH_AARCH64;
	EXPECT_PANIC("for machine 183: this is machine 62", open_signed());
	make();
	bundle.header.flags = 8;
	EXPECT_PANIC("flags 0x8", open_signed());
	make();
	bundle.header.on_error = 3;
	EXPECT_PANIC("on-error 3, ", open_signed());
	make();
	bundle.header.kernel_kind = 4;
	EXPECT_PANIC("kernel kind 4", open_signed());
}

static void each_flag_is_an_option(void)
{
	const struct payload_options *options = &payload.options;

	for (uint32_t flags = 0; flags <= BUNDLE_FLAGS_KNOWN; flags++) {
		/* One is AArch64's, the other wants sections. */
		if (flags & (BUNDLE_FLAG_DEVICE_TREE | BUNDLE_FLAG_PARAVISOR |
		             ~BUNDLE_FLAGS_KNOWN))
			continue;
		make();
		bundle.header.flags = (uint8_t)flags;
		open_signed();
		EXPECT_EQ(options->is_verbose,
		          (flags & BUNDLE_FLAG_VERBOSE) != 0);
		EXPECT_EQ(options->wants_vmm_acpi,
		          (flags & BUNDLE_FLAG_VMM_ACPI) != 0);
		EXPECT_EQ(options->allows_append,
		          (flags & BUNDLE_FLAG_ALLOW_APPEND) != 0);
		EXPECT(!options->wants_device_tree && !options->is_paravisor);
	}
}

static void open_segments(uint32_t count)
{
	static uint8_t file[(BUNDLE_SECTION_MAX + 1) * 0x1000];

	make();
	for (uint32_t i = 0; i < count; i++) {
		set_section(i, BUNDLE_SECTION_KERNEL_SEGMENT, 0x10);
		bundle.sections[i].paddr = 0x1000000 + i * 0x1000UL;
		bundle.sections[i].memory_size = 0x1000;
	}
	bundle.header.section_count = count;
	bundle.header.total_size = 0x1000 * (count + 1);
	sign();
	memcpy(file, &bundle, BUNDLE_SIZE);
	bundle_open(&payload, file, sizeof(file));
}

static void a_kernel_has_at_most_16_segments(void)
{
	open_segments(16);
	EXPECT_EQ(payload.segment_count, 16);
	EXPECT_PANIC("bundle: kernel segments: more than 16",
	             open_segments(17));
}

static void check_header(uint32_t arch, uint8_t kind, uint8_t flags)
{
	make();
	bundle.header.arch = arch;
	bundle.header.kernel_kind = kind;
	bundle.header.flags = flags;
	sign();
	bundle_check_header(&bundle.header, BUNDLE_SIZE, arch);
}

static void a_table_may_end_where_the_bundle_does(void)
{
	make();
	bundle.header.kernel_kind = BUNDLE_KERNEL_NONE;
	bundle.header.section_count = 2;
	bundle.header.total_size =
		sizeof(bundle.header) + 2 * sizeof(bundle.sections[0]);
	sign();
	bundle_check_header(&bundle.header, BUNDLE_SIZE, BUNDLE_ARCH_X86_64);
	bundle.header.total_size--;
	sign();
	EXPECT_PANIC("bundle: 0x127 bytes",
	             bundle_check_header(&bundle.header, BUNDLE_SIZE,
	                                 BUNDLE_ARCH_X86_64));
}

static void each_machine_has_its_kernels_and_a_flag(void)
{
	check_header(BUNDLE_ARCH_X86_64, BUNDLE_KERNEL_NONE, 0);
	check_header(BUNDLE_ARCH_X86_64, BUNDLE_KERNEL_SEGMENTS, 0);
	check_header(BUNDLE_ARCH_X86_64, BUNDLE_KERNEL_BZIMAGE, 0);
	EXPECT_PANIC("kernel kind 3: none of machine 62",
	             check_header(BUNDLE_ARCH_X86_64, BUNDLE_KERNEL_IMAGE, 0));
	EXPECT_PANIC("flags 0x2: machine 62 has no 0x2",
	             check_header(BUNDLE_ARCH_X86_64, BUNDLE_KERNEL_NONE,
	                          BUNDLE_FLAG_DEVICE_TREE));
	check_header(BUNDLE_ARCH_AARCH64, BUNDLE_KERNEL_NONE,
	             BUNDLE_FLAG_DEVICE_TREE);
	check_header(BUNDLE_ARCH_AARCH64, BUNDLE_KERNEL_IMAGE, 0);
	EXPECT_PANIC(
		"kernel kind 1: none of machine 183",
		check_header(BUNDLE_ARCH_AARCH64, BUNDLE_KERNEL_SEGMENTS, 0));
}

static void a_section_outside_panics(void)
{
	make();
	bundle.sections[3].stored_size = 0x1001;
	EXPECT_PANIC("section 3 (cmdline): 0x1001 bytes at 0x4000: bundle "
	             "has only 0x5000",
	             open_signed());
	make();
	bundle.sections[2].stored_size = UINT64_MAX;
	EXPECT_PANIC("section 2 (initrd): 0xffffffffffffffff bytes",
	             open_signed());
	make();
	bundle.sections[2].offset = UINT64_MAX - 0xfff;
	EXPECT_PANIC("section 2 (initrd): ", open_signed());
}

static void a_section_over_another_panics(void)
{
	make();
	bundle.sections[2].offset = 0x1000;
	EXPECT_PANIC("section 2 (initrd): at 0x1000: must be on a page "
	             "behind 0x2fff",
	             open_signed());
	make();
	bundle.sections[0].offset = 0;
	EXPECT_PANIC("section 0 (kernel segment): at ", open_signed());
	make();
	bundle.sections[2].offset = 0x3010;
	EXPECT_PANIC("must be on a page", open_signed());
}

static void a_section_that_lies_panics(void)
{
	make();
	bundle.sections[2].type = 10;
	EXPECT_PANIC("section 2: type 10: known are 1 to 9", open_signed());
	make();
	bundle.sections[2].type = 0;
	EXPECT_PANIC("section 2: type 0", open_signed());
	make();
	bundle.sections[2].compression = BUNDLE_COMPRESSION_COUNT;
	EXPECT_PANIC("section 2 (initrd): compression 3", open_signed());
	make();
	bundle.sections[2].size = 0x235;
	EXPECT_PANIC("section 2 (initrd): 0x234 bytes stored of 0x235",
	             open_signed());
	make();
	bundle.sections[0].memory_size = 0xfff;
	EXPECT_PANIC("0x1000 bytes in 0xfff at 0x1000000", open_signed());
	make();
	bundle.sections[0].paddr = UINT64_MAX - 0x2000;
	EXPECT_PANIC("section 0 (kernel segment): ", open_signed());
	make();
	bundle.sections[3].type = BUNDLE_SECTION_INITRD;
	EXPECT_PANIC("section 3 (initrd): there is one already", open_signed());
}

/* No sum with these sizes may wrap, in the blob or in the tool. */
static void sizes_beyond_all_memory_panic(void)
{
	make();
	bundle.sections[1].size = bundle.sections[1].memory_size =
		MACHINE_PADDR_END;
	EXPECT_PANIC("section 1 (kernel segment): 0x", open_signed());
	make();
	bundle.sections[1].paddr = MACHINE_PADDR_END;
	EXPECT_PANIC("section 1 (kernel segment): 0x1000 bytes in 0x1000 at "
	             "0x800000000000",
	             open_signed());
	make();
	bundle.sections[1].paddr = MACHINE_PADDR_END - 0xfff;
	EXPECT_PANIC("section 1 (kernel segment): 0x1000 bytes in 0x1000 at "
	             "0x7ffffffff001",
	             open_signed());
	make();
	bundle.sections[2].compression = BUNDLE_COMPRESSION_LZ4;
	bundle.sections[2].size = -4ULL;
	EXPECT_PANIC("section 2 (initrd): 0x234 bytes stored of "
	             "0xfffffffffffffffc",
	             open_signed());
	bundle.sections[2].size = MACHINE_PADDR_END + 1;
	EXPECT_PANIC("section 2 (initrd): ", open_signed());
	bundle.sections[2].size = MACHINE_PADDR_END;
	open_signed();
}

/* A disk may say that it has any number of sectors. */
static void a_bundle_larger_than_all_memory_panics(void)
{
	make();
	bundle.header.total_size = MACHINE_PADDR_END + 0x1000;
	sign();
	EXPECT_PANIC("bundle: 0x800000001000 bytes: there are 0x800000000000",
	             open_on_disk(UINT64_MAX & ~511ULL));
	bundle.header.total_size = -0x1000ULL;
	sign();
	EXPECT_PANIC("bundle: 0xfffffffffffff000 bytes: there are ",
	             open_on_disk(UINT64_MAX & ~511ULL));
}

static void an_empty_segment_panics(void)
{
	for (volatile unsigned i = 0; i < 2; i++) {
		make();
		bundle.sections[i].memory_size = 0;
		EXPECT_PANIC("(kernel segment): 0x1000 bytes in 0",
		             open_signed());
		make();
		bundle.sections[i].compression = BUNDLE_COMPRESSION_NONE;
		bundle.sections[i].stored_size = 0;
		bundle.sections[i].size = 0;
		bundle.sections[i].memory_size = 0;
		EXPECT_PANIC("(kernel segment): 0", open_signed());
	}
}

static void place_segment(uint64_t paddr, uint64_t size)
{
	make();
	bundle.sections[1].paddr = paddr;
	bundle.sections[1].memory_size = size;
	open_signed();
}

/* The first segment is 0x1000000 to 0x1003000. */
static void segments_over_each_other_panic(void)
{
	static const char line[] = "overlaps section 0";

	EXPECT_PANIC("section 1 (kernel segment): 0x3000 bytes at 0x1000000: "
	             "overlaps section 0",
	             place_segment(0x1000000, 0x3000));
	EXPECT_PANIC(line, place_segment(0x1001000, 0x1000));
	EXPECT_PANIC(line, place_segment(0x1002fff, 0x1000));
	EXPECT_PANIC(line, place_segment(0xfff001, 0x1000));
	EXPECT_PANIC(line, place_segment(0x100000, 0x10000000));
	place_segment(0x1003000, 0x1000);
	place_segment(0xfff000, 0x1000);
}

static void a_segment_below_1_mib_panics(void)
{
	EXPECT_PANIC("kernel: segment at 0", place_segment(0, 0x1000));
	EXPECT_PANIC("kernel: segment at 0xfffff: must be above 0x100000",
	             place_segment(0xfffff, 0x1000));
	place_segment(0x100000, 0x1000);
}

static void set_entry(uint64_t entry)
{
	make();
	bundle.header.entry = entry;
	open_signed();
}

static void an_entry_outside_panics(void)
{
	static const char line[] = "not in its 0x4000 bytes at 0x1000000";

	EXPECT_PANIC(line, set_entry(0));
	EXPECT_PANIC(line, set_entry(0xffffff));
	EXPECT_PANIC(line, set_entry(0x1004000));
	EXPECT_PANIC(line, set_entry(UINT64_MAX));
	set_entry(0x1003fff);
}

static void what_another_architecture_has_panics(void)
{
	make();
	bundle.header.flags = BUNDLE_FLAG_DEVICE_TREE;
	EXPECT_PANIC("flags 0x2: machine 62 has no 0x2", open_signed());
	make();
	bundle.header.kernel_kind = BUNDLE_KERNEL_IMAGE;
	EXPECT_PANIC("kernel kind 3: none of machine 62", open_signed());
}

static void what_is_read_in_place_is_not_compressed(void)
{
	make();
	bundle.sections[3].compression = BUNDLE_COMPRESSION_LZ4;
	EXPECT_PANIC("section 3 (cmdline): compression 1: not known here",
	             open_signed());
	make();
	bundle.sections[3].type = BUNDLE_SECTION_PIN;
	EXPECT_PANIC("pin: 0x1000 bytes: must be 0x20", open_signed());
}

/* Flag and section come together, and only some images of a blob know them. */
static void a_paravisor_has_a_section(void)
{
	make();
	bundle.header.flags |= BUNDLE_FLAG_PARAVISOR;
	EXPECT_PANIC("flags 0xd: and 0 paravisor sections", open_signed());
	make();
	bundle.sections[3].type = BUNDLE_SECTION_PARAVISOR;
	EXPECT_PANIC("flags 0x5: and 1 paravisor sections", open_signed());
	bundle.header.flags |= BUNDLE_FLAG_PARAVISOR;
	open_signed();
	EXPECT(payload.options.is_paravisor);
	EXPECT_EQ(payload.paravisor.size, bundle.sections[3].size);
	bundle.header.flags |= BUNDLE_FLAGS_KNOWN + 1;
	EXPECT_PANIC("flags 0x2d, on-error ", open_signed());
}

static void a_paravisor_section_is_proven(void)
{
	struct bundle_paravisor paravisor = { .memory_size = 1 };

	bundle_check_paravisor(&paravisor, sizeof(paravisor));
	paravisor.chunk_max = 1024;
	bundle_check_paravisor(&paravisor, sizeof(paravisor));
	/* The number of chunks would wrap, and something be divided by it. */
	paravisor.chunk_max = UINT32_MAX;
	EXPECT_PANIC("paravisor: 0x1 bytes of RAM, chunks of 4294967295 CPUs",
	             bundle_check_paravisor(&paravisor, sizeof(paravisor)));
	paravisor.chunk_max = 1025;
	EXPECT_PANIC("chunks of 1025 CPUs: at most 0x10000000000000 and 1024",
	             bundle_check_paravisor(&paravisor, sizeof(paravisor)));
	paravisor.chunk_max = 0;
	paravisor.memory_size = 1ULL << 52;
	bundle_check_paravisor(&paravisor, sizeof(paravisor));
	paravisor.memory_size++;
	EXPECT_PANIC("paravisor: 0x10000000000001 bytes of RAM",
	             bundle_check_paravisor(&paravisor, sizeof(paravisor)));
	paravisor.memory_size = 1;
	EXPECT_PANIC("paravisor: 0xf bytes, reserved 0: must be 0x10 and 0",
	             bundle_check_paravisor(&paravisor, 15));
	EXPECT_PANIC("paravisor: 0x11 bytes, reserved 0: must be 0x10 and 0",
	             bundle_check_paravisor(&paravisor, 17));
	paravisor.reserved = 7;
	EXPECT_PANIC("paravisor: 0x10 bytes, reserved 0x7: must be",
	             bundle_check_paravisor(&paravisor, sizeof(paravisor)));
}

/* Only an Image is loaded whole, as a compressed source must be. */
static void a_compressed_kernel_file_is_an_image(void)
{
	make();
	bundle.header.kernel_kind = BUNDLE_KERNEL_BZIMAGE;
	bundle.sections[0].type = BUNDLE_SECTION_KERNEL;
	bundle.sections[0].compression = BUNDLE_COMPRESSION_ZSTD;
	EXPECT_PANIC("kernel: file under compression 2: must be none",
	             open_signed());
}

static void a_kernel_of_another_kind_panics(void)
{
	make();
	bundle.header.kernel_kind = BUNDLE_KERNEL_BZIMAGE;
	EXPECT_PANIC("kernel kind 2: has 2 segments and 0 files",
	             open_signed());
	make();
	bundle.header.kernel_kind = BUNDLE_KERNEL_NONE;
	EXPECT_PANIC("kernel kind 0: has 2 segments", open_signed());
	make();
	bundle.sections[2].type = BUNDLE_SECTION_KERNEL;
	EXPECT_PANIC("has 2 segments and 1 files", open_signed());
}

int main(void)
{
	RUN(a_good_one_is_opened);
	RUN(one_on_disk_stays_there);
	RUN(each_flipped_bit_of_header_and_table_panics);
	RUN(each_flipped_byte_of_the_padding_panics);
	RUN(each_truncation_panics);
	RUN(a_header_that_lies_panics);
	RUN(each_flag_is_an_option);
	RUN(a_kernel_has_at_most_16_segments);
	RUN(a_table_may_end_where_the_bundle_does);
	RUN(each_machine_has_its_kernels_and_a_flag);
	RUN(a_section_outside_panics);
	RUN(a_section_over_another_panics);
	RUN(a_section_that_lies_panics);
	RUN(sizes_beyond_all_memory_panic);
	RUN(a_bundle_larger_than_all_memory_panics);
	RUN(an_empty_segment_panics);
	RUN(segments_over_each_other_panic);
	RUN(a_segment_below_1_mib_panics);
	RUN(an_entry_outside_panics);
	RUN(what_another_architecture_has_panics);
	RUN(what_is_read_in_place_is_not_compressed);
	RUN(a_paravisor_has_a_section);
	RUN(a_paravisor_section_is_proven);
	RUN(a_compressed_kernel_file_is_an_image);
	RUN(a_kernel_of_another_kind_panics);
	return test_status();
}
