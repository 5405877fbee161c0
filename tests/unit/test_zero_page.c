/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/unit/test_zero_page.c - what boot_params tell the kernel */
#include <string.h>

#include "arch/x86_64/describe/zero_page.h"
#include "common/place/guest.h"
#include "tests/unit/test.h"

#define PATTERN 0xa5

static struct machine machine;
static struct memory memory;
static struct guest guest;
static struct boot_params params;
static struct {
	struct setup_data header;
	struct e820_entry entries[MEMORY_STEP_MAX - E820_TABLE_MAX];
	uint8_t behind[64];
} extension;
static char cmdline[] = "quiet";

static const struct zero_page_pointers pointers = {
	.rsdp_paddr = 0xe0000,
	.setup_data_paddr = 0x1e00,
};

static void make(void)
{
	memory_init(&memory, &machine);
	memset(&params, PATTERN, sizeof(params));
	memset(&extension, PATTERN, sizeof(extension));
	guest = (struct guest){
		.kernel = {
			.entry = 0x1000200,
			.base = 0x1000000,
			.size = 0x2000000,
			.cmdline_max = 2047,
		},
		.initrd = { 0x123400000, 0x234567890 },
		.cmdline = { .text = cmdline, .size = sizeof(cmdline) - 1 },
	};
}

static void build(void)
{
	zero_page_build(&params, &extension.header, &guest, &memory, &pointers);
}

static void add_range(paddr_t base, uint64_t size, enum memory_type type,
                      bool is_claimed)
{
	memory_set(&memory, base, size, is_claimed ? MEMORY_RAM : type);
	if (is_claimed)
		memory_claim(&memory, "test", base, size, type);
}

static void expect_entry(uint32_t index, paddr_t base, uint64_t size,
                         enum memory_type type)
{
	const struct e820_entry *entry = &params.e820_table[index];

	EXPECT_EQ(entry->base, base);
	EXPECT_EQ(entry->size, size);
	EXPECT_EQ(entry->type, type);
}

static void addresses_are_told_in_halves(void)
{
	make();
	build();
	EXPECT_EQ(params.acpi_rsdp_addr, 0xe0000);
	EXPECT_EQ(params.hdr.ramdisk_image, 0x23400000);
	EXPECT_EQ(params.ext_ramdisk_image, 1);
	EXPECT_EQ(params.hdr.ramdisk_size, 0x34567890);
	EXPECT_EQ(params.ext_ramdisk_size, 2);
	EXPECT_EQ(params.hdr.cmd_line_ptr, (uint32_t)paddr_of(cmdline));
	EXPECT_EQ(params.ext_cmd_line_ptr, paddr_of(cmdline) >> 32);
	EXPECT_EQ(params.hdr.code32_start, 0x1000000);
	EXPECT_EQ(params.hdr.setup_data, 0x1e00);
}

static void a_kernel_without_header_gets_one(void)
{
	make();
	build();
	EXPECT_EQ(params.hdr.boot_flag, 0xaa55);
	EXPECT_EQ(params.hdr.header, 0x53726448);
	EXPECT_EQ(params.hdr.version, 0x20f);
	EXPECT_EQ(params.hdr.type_of_loader, 0xff);
	EXPECT_EQ(params.hdr.loadflags, LOADFLAG_LOADED_HIGH);
	EXPECT_EQ(params.hdr.cmdline_size, 2047);
	EXPECT_EQ(params.hdr.kernel_alignment, 0x200000);

	make();
	guest.kernel.is_randomized = true;
	build();
	EXPECT_EQ(params.hdr.loadflags, LOADFLAG_LOADED_HIGH | LOADFLAG_KASLR);
}

/* Only the bytes of the kernel's own header are copied. */
static void a_kernels_header_is_copied(void)
{
	static uint8_t header[sizeof(struct setup_header)];
	const uint8_t *copy = (const uint8_t *)&params.hdr;
	size_t kernel_info = offsetof(struct setup_header, kernel_info_offset);

	make();
	memset(header, 0x77, sizeof(header));
	guest.kernel.setup_header = header;
	guest.kernel.setup_header_size = kernel_info;
	build();
	EXPECT_EQ(params.hdr.version, 0x7777);
	EXPECT_EQ(params.hdr.pref_address, 0x7777777777777777);
	EXPECT_EQ(params.hdr.kernel_info_offset, 0);
	EXPECT_EQ(copy[sizeof(struct setup_header)], 0);
	EXPECT_EQ(params.hdr.type_of_loader, 0xff);
	EXPECT_EQ(params.hdr.setup_data, 0x1e00);
	EXPECT_EQ(params.hdr.ramdisk_image, 0x23400000);
}

static void all_else_is_zero(void)
{
	const uint8_t *bytes = (const uint8_t *)&params;
	uint32_t count = 0;

	make();
	build();
	for (size_t i = 0; i < offsetof(struct boot_params, hdr); i++)
		count += bytes[i] != 0;
	/* RSDP 1 (e0000 has one byte), initrd 2, command line at most 2 */
	EXPECT(count >= 3 && count <= 5);
	for (size_t i = offsetof(struct boot_params, reserved6);
	     i < offsetof(struct boot_params, e820_table); i++)
		EXPECT_EQ(bytes[i], 0);
	EXPECT_EQ(params.sentinel, 0);
	EXPECT_EQ(params.e820_entries, 0);
}

static void the_memory_map_is_told(void)
{
	make();
	add_range(0, 0x1000, MEMORY_RAM, true);
	add_range(0x1000, 0x9f000, MEMORY_RAM, false);
	add_range(0xa0000, 0x40000, MEMORY_NONE, false);
	add_range(0xe0000, 0x20000, MEMORY_RESERVED, false);
	add_range(0x100000, 0x100000, MEMORY_RAM, false);
	add_range(0x200000, 0x100000, MEMORY_RAM, true);
	add_range(0x300000, 0x100000, MEMORY_ACPI, true);
	add_range(0x400000, 0x100000, MEMORY_ACPI, false);
	add_range(0x600000, 0x100000, MEMORY_ACPI, false);
	add_range(0x100000000, 0x7700000000, MEMORY_RAM, false);
	build();
	EXPECT_EQ(params.e820_entries, 6);
	expect_entry(0, 0, 0xa0000, MEMORY_RAM);
	expect_entry(1, 0xe0000, 0x20000, MEMORY_RESERVED);
	expect_entry(2, 0x100000, 0x200000, MEMORY_RAM);
	expect_entry(3, 0x300000, 0x200000, MEMORY_ACPI);
	expect_entry(4, 0x600000, 0x100000, MEMORY_ACPI);
	expect_entry(5, 0x100000000, 0x7700000000, MEMORY_RAM);
	EXPECT_EQ(extension.header.type, 0xa5a5a5a5);
}

/* Makes `count` ranges that cannot be joined. */
static void make_ranges(uint32_t count)
{
	make();
	for (uint32_t i = 0; i < count; i++)
		add_range(i * 0x10000, 0x8000 + i, MEMORY_RAM, false);
}

static void expect_ranges(uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		const struct e820_entry *entry =
			i < E820_TABLE_MAX
				? &params.e820_table[i]
				: &extension.entries[i - E820_TABLE_MAX];

		EXPECT_EQ(entry->base, i * 0x10000);
		EXPECT_EQ(entry->size, 0x8000 + i);
		EXPECT_EQ(entry->type, MEMORY_RAM);
	}
}

static void a_full_table_needs_no_extension(void)
{
	make_ranges(E820_TABLE_MAX);
	zero_page_build(&params, NULL, &guest, &memory, &pointers);
	EXPECT_EQ(params.e820_entries, E820_TABLE_MAX);
	EXPECT_EQ(params.hdr.setup_data, 0x1e00);
	expect_ranges(E820_TABLE_MAX);
}

static void expect_extension(uint32_t count)
{
	make_ranges(count);
	build();
	EXPECT_EQ(params.e820_entries, E820_TABLE_MAX);
	EXPECT_EQ(params.hdr.setup_data, paddr_of(&extension));
	EXPECT_EQ(extension.header.next, 0x1e00);
	EXPECT_EQ(extension.header.type, SETUP_E820_EXT);
	EXPECT_EQ(extension.header.len, (count - E820_TABLE_MAX) * 20);
	expect_ranges(count);
	EXPECT_EQ(((uint8_t *)extension.entries)[extension.header.len],
	          PATTERN);
	EXPECT_EQ(extension.behind[0], PATTERN);
}

static void more_ranges_go_to_the_extension(void)
{
	expect_extension(E820_TABLE_MAX + 1);
	expect_extension(300);
	expect_extension(MEMORY_RANGE_MAX);
}

static void as_many_as_there_can_be_fit(void)
{
	uint32_t count = MEMORY_STEP_MAX - 1;

	make();
	for (uint32_t i = 0; i < count; i++)
		add_range(i * 0x1000, 0x1000,
		          i % 2 ? MEMORY_RESERVED : MEMORY_RAM, false);
	build();
	EXPECT_EQ(params.e820_entries, E820_TABLE_MAX);
	EXPECT_EQ(extension.header.len, (count - E820_TABLE_MAX) * 20);
	EXPECT_EQ(extension.behind[0], PATTERN);
}

/* Ranges that the kernel sees as one need no extension. */
static void ranges_that_join_are_counted_once(void)
{
	make();
	for (uint32_t i = 0; i < 2 * E820_TABLE_MAX; i++)
		add_range(i / 2 * 0x10000 + i % 2 * 0x1000, 0x1000, MEMORY_RAM,
		          i % 2 == 0);
	build();
	EXPECT_EQ(params.e820_entries, E820_TABLE_MAX);
	EXPECT_EQ(params.hdr.setup_data, 0x1e00);
	expect_entry(127, 127 * 0x10000, 0x2000, MEMORY_RAM);
}

int main(void)
{
	RUN(addresses_are_told_in_halves);
	RUN(a_kernel_without_header_gets_one);
	RUN(a_kernels_header_is_copied);
	RUN(all_else_is_zero);
	RUN(the_memory_map_is_told);
	RUN(a_full_table_needs_no_extension);
	RUN(more_ranges_go_to_the_extension);
	RUN(as_many_as_there_can_be_fit);
	RUN(ranges_that_join_are_counted_once);
	return test_status();
}
