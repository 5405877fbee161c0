/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/unit/test_acpi_loader.c - a table-loader script, right and hostile */
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "tests/unit/fake_fw_cfg.h"
#include "tests/unit/fake_map.h"
#include "tests/unit/fake_ram.h"
#include "tests/unit/loader_script.h"
#include "tests/unit/test.h"

static uint8_t sum_of(paddr_t base, uint32_t size)
{
	const uint8_t *bytes = paddr_ptr(base);
	uint8_t sum = 0;

	while (size--)
		sum += *bytes++;
	return sum;
}

/* ---- what is right */

static void a_good_script_is_carried_out(void)
{
	paddr_t where, guid_paddr = align_up(LOW_BASE, 4096);
	paddr_t base = guid_paddr + GUID_SIZE;

	make();
	where = run();
	EXPECT_EQ(where, FSEG_BASE);
	EXPECT_EQ(fseg.next, FSEG_BASE + RSDP_SIZE);
	EXPECT_EQ(low.next, base + TABLES_SIZE);
	EXPECT_EQ(load_le32(paddr_ptr(where + 0x10)), base + 0x233a);
	EXPECT_EQ(sum_of(where, RSDP_SIZE), 0);
	EXPECT_EQ(load_le32(paddr_ptr(base + 0x208c)), base);
	EXPECT_EQ(load_le32(paddr_ptr(base + 0x2090)), base + 0x40);
	EXPECT_EQ(load_le64(paddr_ptr(base + 0x20f4)), base + 0x40);
	EXPECT_EQ(load_le32(paddr_ptr(base + 0x235e)), base + 0x2068);
	EXPECT_EQ(load_le32(paddr_ptr(base + 0x21fe)), guid_paddr);
	EXPECT_EQ(load_le64(address), guid_paddr + 40);
	EXPECT_EQ(sum_of(base + 0x40, 0x2028), 0);
	EXPECT_EQ(sum_of(base + 0x2068, 0xf4), 0);
	EXPECT_EQ(sum_of(base + 0x233a, 0x3c), 0);
}

/* Only pointers and checksums in the VMM's tables change. */
static void nothing_else_is_changed(void)
{
	paddr_t base = align_up(LOW_BASE, 4096) + GUID_SIZE;
	const uint8_t *got;
	uint32_t changed = 0;

	make();
	run();
	got = paddr_ptr(base);
	for (uint32_t i = 0; i < TABLES_SIZE; i++)
		changed += got[i] != tables[i];
	EXPECT(changed > 10 && changed <= 6 * 4 + 4 + 8);
	EXPECT(!memcmp(paddr_ptr(align_up(LOW_BASE, 4096)), guid, GUID_SIZE));
}

/* The script is read to the highest RAM below 4 GiB, or else above that. */
static void a_script_may_be_read_above_4_gib(void)
{
	const uint64_t size = 0x100000;
	uint8_t *high = mmap((void *)0x500000000, size, PROT_READ | PROT_WRITE,
	                     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	EXPECT(high != MAP_FAILED && paddr_of(high) >= FOUR_GIB);
	make();
	memory_set(&memory, 0, FOUR_GIB, MEMORY_RESERVED);
	memory_set(&memory, paddr_of(high), size, MEMORY_RAM);
	EXPECT_EQ(run(), FSEG_BASE);
	munmap(high, size);
}

static void what_does_not_fit_goes_to_free_ram(void)
{
	paddr_t base;

	make();
	fake_map_clear();
	low.end = low.next + GUID_SIZE + TABLES_SIZE - 1;
	fseg.end = fseg.next + 1;
	base = run();
	EXPECT(base >= CLAIMED_END);
	EXPECT(!memcmp(paddr_ptr(base), "RSD PTR ", 8));
	EXPECT(fake_map_has(base, RSDP_SIZE));
	base = load_le32(paddr_ptr(base + 0x10)) - 0x233a;
	EXPECT_EQ(base % 64, 0);
	EXPECT(fake_map_has(base, TABLES_SIZE));
	EXPECT(base >= CLAIMED_END);
	for (const struct memory_step *step = memory.steps; step != memory.end;
	     step++) {
		const struct memory_range range = memory_range(step);

		if (base >= range.base && base - range.base < range.size)
			EXPECT_EQ(range.type, MEMORY_ACPI);
	}
}

/* QEMU makes it anew when it is first read, longer than the directory says. */
static void a_script_that_has_grown_is_carried_out(void)
{
	paddr_t where;

	make();
	script_size = GOOD_COUNT * sizeof(*script);
	script_growth = (GOOD_COUNT - WRITE_GUID) * sizeof(*script);
	where = run();
	EXPECT_EQ(load_le32(paddr_ptr(where + 0x10)),
	          align_up(LOW_BASE, 4096) + GUID_SIZE + 0x233a);
	EXPECT_EQ(sum_of(where, RSDP_SIZE), 0);
}

/* ---- what is hostile */

static void an_incomplete_script_panics(void)
{
	make();
	script_size = 129;
	EXPECT_PANIC(
		"acpi: table loader: 0x81 bytes: must be a multiple of 0x80",
		run());
	make();
	script_size = 128;
	memset(script, 0, sizeof(script));
	EXPECT_PANIC("etc/acpi/rsdp: used, but not allocated", run());
}

static void an_unknown_command_panics(void)
{
	make();
	script[5].command = 5;
	EXPECT_PANIC("acpi: table loader: command 5: known are 1 to 4", run());
	make();
	script[5].command = 0x02000000;
	EXPECT_PANIC("acpi: table loader: command 33554432", run());
}

static void a_name_without_end_panics(void)
{
	make();
	memset(script[ALLOCATE_GUID].allocate.file, 'x', 56);
	EXPECT_PANIC("file name without its end in 56 bytes", run());
	make();
	memset(script[POINTER_FACS].add_pointer.src_file, 'x', 56);
	EXPECT_PANIC("file name without its end", run());
	make();
	memset(script[POINTER_FACS].add_pointer.dest_file, 'x', 56);
	EXPECT_PANIC("file name without its end", run());
	make();
	memset(script[CHECKSUM_DSDT].add_checksum.file, 'x', 56);
	EXPECT_PANIC("file name without its end", run());
	make();
	memset(script[WRITE_GUID].write_pointer.dest_file, 'x', 56);
	EXPECT_PANIC("file name without its end", run());
}

static void an_unknown_file_panics(void)
{
	make();
	strcpy(script[ALLOCATE_GUID].allocate.file, "etc/nothing");
	EXPECT_PANIC("etc/nothing: no such file in fw_cfg", run());
	make();
	script[ALLOCATE_GUID].allocate.file[0] = '\0';
	EXPECT_PANIC(": no such file in fw_cfg", run());
	make();
	strcpy(script[POINTER_FACS].add_pointer.src_file, ADDRESS);
	EXPECT_PANIC("etc/vmgenid_addr: used, but not allocated", run());
	make();
	strcpy(script[WRITE_GUID].write_pointer.dest_file, "etc/nothing");
	EXPECT_PANIC("etc/nothing: no such file in fw_cfg", run());
}

static void allocate_aligned(uint32_t alignment)
{
	make();
	script[ALLOCATE_TABLES].allocate.align = alignment;
	EXPECT_PANIC("etc/acpi/tables: alignment ", run());
}

static void a_wrong_allocation_panics(void)
{
	static const uint32_t alignments[] = { 0, 3, 96, 0xffffffff };

	make();
	script[3] = script[ALLOCATE_TABLES];
	EXPECT_PANIC("etc/acpi/tables: allocated twice", run());
	for (uint32_t i = 0; i < ARRAY_COUNT(alignments); i++)
		allocate_aligned(alignments[i]);
	make();
	script[ALLOCATE_TABLES].allocate.zone = 0;
	EXPECT_PANIC("etc/acpi/tables: zone 0: known are 1 and 2", run());
	make();
	script[ALLOCATE_TABLES].allocate.zone = 3;
	EXPECT_PANIC("etc/acpi/tables: zone 3", run());
}

static void what_does_not_fit_ram_panics(void)
{
	make();
	strcpy(script[ALLOCATE_GUID].allocate.file, "etc/huge");
	EXPECT_PANIC("etc/huge: 0x7fffffff bytes: no free RAM of that size "
	             "below 4 GiB",
	             run());
	make();
	script[ALLOCATE_TABLES].allocate.align = 0x80000000;
	EXPECT_PANIC("etc/acpi/tables: 0x20000 bytes: no free RAM", run());
	make();
	memory_claim(&memory, "test", CLAIMED_END,
	             RAM_BASE + RAM_SIZE - CLAIMED_END, MEMORY_RAM);
	EXPECT_PANIC("acpi: table loader: 0x6000 bytes: no RAM for them",
	             run());
}

static void point_with_size(uint8_t size, const char *text)
{
	make();
	script[POINTER_FACS].add_pointer.size = size;
	EXPECT_PANIC(text, run());
}

static void a_pointer_of_odd_size_panics(void)
{
	for (uint32_t size = 0; size < 256; size++)
		if (size != 1 && size != 2 && size != 4 && size != 8)
			point_with_size((uint8_t)size, "must be 1, 2, 4 or 8");
	point_with_size(1, "pointer to 0x20002000: does not fit 1 bytes");
	point_with_size(2, "does not fit 2 bytes");
}

static void a_pointer_outside_panics(void)
{
	make();
	script[POINTER_FACS].add_pointer.offset = TABLES_SIZE - 3;
	EXPECT_PANIC("etc/acpi/tables: pointer of 4 bytes at 0x1fffd: file "
	             "has only 0x20000",
	             run());
	make();
	script[POINTER_FACS].add_pointer.offset = 0xffffffff;
	EXPECT_PANIC("pointer of 4 bytes at 0xffffffff", run());
	make();
	script[POINTER_FACS].add_pointer.offset = 0x100;
	EXPECT_PANIC("etc/acpi/tables: pointer to 0x", run());
}

static void a_checksum_outside_panics(void)
{
	struct table_loader_add_checksum *entry =
		&script[CHECKSUM_DSDT].add_checksum;

	make();
	entry->offset = TABLES_SIZE;
	EXPECT_PANIC("etc/acpi/tables: checksum at 0x20000", run());
	make();
	entry->start = TABLES_SIZE + 1;
	entry->length = 0;
	EXPECT_PANIC("checksum at 0x49 of 0 bytes at 0x20001", run());
	make();
	entry->length = TABLES_SIZE - 0x3f;
	EXPECT_PANIC("of 0x1ffc1 bytes at 0x40: file has only 0x20000", run());
	make();
	entry->length = 0xffffffff;
	EXPECT_PANIC("of 0xffffffff bytes at 0x40", run());
}

static void a_written_pointer_outside_panics(void)
{
	struct table_loader_write_pointer *entry =
		&script[WRITE_GUID].write_pointer;

	make();
	entry->dest_offset = 9;
	EXPECT_PANIC("etc/vmgenid_addr: pointer of 8 bytes at 0x9: file has "
	             "only 0x10",
	             run());
	make();
	entry->src_offset = GUID_SIZE;
	EXPECT_PANIC("etc/vmgenid_guid: pointer to 0x1000: file has only "
	             "0x1000",
	             run());
	make();
	entry->size = 2;
	EXPECT_PANIC("etc/vmgenid_guid: pointer to 0x20", run());
	make();
	strcpy(entry->dest_file, GUID);
	EXPECT_PANIC("fw_cfg: item 0x", run());
	EXPECT_EQ(load_le64(address), 0);
}

static void no_rsdp_panics(void)
{
	make();
	rsdp[0] = 'X';
	EXPECT_PANIC("etc/acpi/rsdp: 0x14 bytes that are no RSDP", run());
}

/* Fills the rest of the script with the good one's entry `index`. */
static void repeat(uint32_t index)
{
	for (uint32_t i = GOOD_COUNT; i < ENTRY_MAX; i++)
		script[i] = script[index];
}

/* However often the script names a file, its directory is read once for it. */
static void the_directory_is_read_once_for_a_file(void)
{
	uint32_t count;

	make();
	run();
	count = fake_fw_cfg_transfers();
	make();
	repeat(WRITE_GUID);
	run();
	/* Each pointer takes one to its place, and one that writes it. */
	EXPECT_EQ(fake_fw_cfg_transfers() - count,
	          2 * (ENTRY_MAX - GOOD_COUNT));
}

/* A script names 32 files at most; the good one has four. */
static void the_files_of_a_script_are_limited(void)
{
	char name[24];

	for (volatile uint32_t more = 28; more <= 29; more++) {
		make();
		for (uint32_t i = 0; i < more; i++) {
			struct table_loader_entry *entry =
				&script[GOOD_COUNT + i];

			snprintf(name, sizeof(name), "etc/spare/%u", i);
			memset(entry, 0, sizeof(*entry));
			entry->command = TABLE_LOADER_ALLOCATE;
			strcpy(entry->allocate.file, name);
			entry->allocate.align = 1;
			entry->allocate.zone = TABLE_LOADER_ZONE_HIGH;
		}
		spare_files = more;
		if (more == 28)
			run();
		else
			EXPECT_PANIC("etc/spare/28: one file too many", run());
	}
}

static void the_bytes_to_sum_are_limited(void)
{
	make();
	repeat(CHECKSUM_DSDT);
	run();
	script[CHECKSUM_DSDT].add_checksum.start = 0;
	script[CHECKSUM_DSDT].add_checksum.length = TABLES_SIZE;
	repeat(CHECKSUM_DSDT);
	make_memory();
	EXPECT_PANIC("etc/acpi/tables: checksums of more than 16 MiB", run());
	/* 16 MiB are allowed, and no byte more. */
	for (uint32_t i = CHECKSUM_DSDT; i < ENTRY_MAX; i++)
		script[i] = script[CHECKSUM_DSDT];
	for (uint32_t i = CHECKSUM_DSDT + 128; i < ENTRY_MAX; i++)
		script[i].add_checksum.length = 0;
	make_memory();
	run();
	script[ENTRY_MAX - 1].add_checksum.length = 1;
	make_memory();
	EXPECT_PANIC("etc/acpi/tables: checksums of more than 16 MiB", run());
}

static void the_size_of_a_script_is_limited(void)
{
	make();
	script_size = 0x100080;
	EXPECT_PANIC("acpi: table loader: 0x100080 bytes: must be a multiple "
	             "of 0x80, at most 0x100000",
	             run());
}

int main(void)
{
	if (!fake_ram_map(RAM_BASE, RAM_BASE + RAM_SIZE))
		return fake_ram_skip("test_acpi_loader");
	RUN(a_good_script_is_carried_out);
	RUN(nothing_else_is_changed);
	RUN(a_script_may_be_read_above_4_gib);
	RUN(what_does_not_fit_goes_to_free_ram);
	RUN(a_script_that_has_grown_is_carried_out);
	RUN(an_incomplete_script_panics);
	RUN(an_unknown_command_panics);
	RUN(a_name_without_end_panics);
	RUN(an_unknown_file_panics);
	RUN(a_wrong_allocation_panics);
	RUN(what_does_not_fit_ram_panics);
	RUN(a_pointer_outside_panics);
	RUN(a_pointer_of_odd_size_panics);
	RUN(a_checksum_outside_panics);
	RUN(a_written_pointer_outside_panics);
	RUN(no_rsdp_panics);
	RUN(the_directory_is_read_once_for_a_file);
	RUN(the_files_of_a_script_are_limited);
	RUN(the_bytes_to_sum_are_limited);
	RUN(the_size_of_a_script_is_limited);
	return test_status();
}
