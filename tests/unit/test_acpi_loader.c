/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/unit/test_acpi_loader.c - QEMU's table-loader script, right and hostile
 *
 * The good script is what QEMU 7.2 gives a q35 with a vmgenid device. RAM is
 * one mapping at its own physical address, below 4 GiB.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "common/describe/acpi_loader.h"
#include "common/arch.h"
#include "common/boot.h"
#include "common/spec/table_loader.h"
#include "tests/unit/fake_fw_cfg.h"
#include "tests/unit/test.h"

#define RAM_BASE    0x20000000
#define RAM_SIZE    0x80000
#define LOW_BASE    (RAM_BASE + 0x1000)
#define LOW_END     (RAM_BASE + 0x30000)
#define FSEG_BASE   (RAM_BASE + 0x30000)
#define FSEG_END    (RAM_BASE + 0x31000)
#define CLAIMED_END FSEG_END
#define RAM_PATTERN 0xa5

#define TABLES_SIZE 0x20000
#define GUID_SIZE   0x1000
#define RSDP_SIZE   20
#define ENTRY_MAX   64

#define TABLES      "etc/acpi/tables"
#define RSDP        "etc/acpi/rsdp"
#define GUID        "etc/vmgenid_guid"
#define ADDRESS     "etc/vmgenid_addr"

#define ALLOCATE(name, alignment, place)                                       \
	{                                                                      \
		.command = TABLE_LOADER_ALLOCATE, .allocate = {                \
			.file = name,                                          \
			.align = alignment,                                    \
			.zone = place                                          \
		}                                                              \
	}
#define POINTER(dest, src, at, bytes)                                          \
	{                                                                      \
		.command = TABLE_LOADER_ADD_POINTER, .add_pointer = {          \
			.dest_file = dest,                                     \
			.src_file = src,                                       \
			.offset = at,                                          \
			.size = bytes                                          \
		}                                                              \
	}
#define CHECKSUM(name, at, from, bytes)                                        \
	{                                                                      \
		.command = TABLE_LOADER_ADD_CHECKSUM, .add_checksum = {        \
			.file = name,                                          \
			.offset = at,                                          \
			.start = from,                                         \
			.length = bytes                                        \
		}                                                              \
	}
#define WRITE(dest, src, dest_at, src_at, bytes)                               \
	{                                                                      \
		.command = TABLE_LOADER_WRITE_POINTER, .write_pointer = {      \
			.dest_file = dest,                                     \
			.src_file = src,                                       \
			.dest_offset = dest_at,                                \
			.src_offset = src_at,                                  \
			.size = bytes                                          \
		}                                                              \
	}

static const struct table_loader_entry good[] = {
	ALLOCATE(RSDP, 16, TABLE_LOADER_ZONE_FSEG),
	ALLOCATE(GUID, 4096, TABLE_LOADER_ZONE_HIGH),
	ALLOCATE(TABLES, 64, TABLE_LOADER_ZONE_HIGH),
	CHECKSUM(TABLES, 0x49, 0x40, 0x2028),
	POINTER(TABLES, TABLES, 0x208c, 4),
	POINTER(TABLES, TABLES, 0x2090, 4),
	POINTER(TABLES, TABLES, 0x20f4, 8),
	CHECKSUM(TABLES, 0x2071, 0x2068, 0xf4),
	CHECKSUM(TABLES, 0x2165, 0x215c, 0x78),
	WRITE(ADDRESS, GUID, 0, 40, 8),
	POINTER(TABLES, GUID, 0x21fe, 4),
	CHECKSUM(TABLES, 0x21dd, 0x21d4, 0xca),
	CHECKSUM(TABLES, 0x22a7, 0x229e, 0x38),
	CHECKSUM(TABLES, 0x22df, 0x22d6, 0x3c),
	CHECKSUM(TABLES, 0x231b, 0x2312, 0x28),
	POINTER(TABLES, TABLES, 0x235e, 4),
	POINTER(TABLES, TABLES, 0x2362, 4),
	CHECKSUM(TABLES, 0x2343, 0x233a, 0x3c),
	POINTER(RSDP, TABLES, 0x10, 4),
	CHECKSUM(RSDP, 8, 0, RSDP_SIZE),
};

/* Entries as `good` names them. */
enum {
	ALLOCATE_RSDP = 0,
	ALLOCATE_GUID = 1,
	ALLOCATE_TABLES = 2,
	CHECKSUM_DSDT = 3,
	POINTER_FACS = 4,
	WRITE_GUID = 9,
};

static struct table_loader_entry script[ENTRY_MAX];
static uint32_t script_size;
static uint8_t tables[TABLES_SIZE], guid[GUID_SIZE], address[16];
static uint8_t rsdp[RSDP_SIZE];
static struct boot boot;
static struct machine machine;
static struct acpi_loader_area low, fseg;

void arch_map(paddr_t base, uint64_t size)
{
	(void)base;
	(void)size;
}

static void make_tables(void)
{
	static const struct {
		uint32_t offset, value;
	} pointers[] = {
		{ 0x208c, 0 }, { 0x2090, 0x40 },   { 0x20f4, 0x40 },
		{ 0x21fe, 0 }, { 0x235e, 0x2068 }, { 0x2362, 0x215c }
	};
	static const uint32_t start = 0x233a;

	for (uint32_t i = 0; i < TABLES_SIZE; i++)
		tables[i] = (uint8_t)(i * 31 + (i >> 8));
	memset(tables + 0x20f4, 0, 8);
	for (uint32_t i = 0; i < ARRAY_COUNT(pointers); i++)
		memcpy(tables + pointers[i].offset, &pointers[i].value, 4);
	memset(guid, 0x11, sizeof(guid));
	memset(address, 0, sizeof(address));
	memset(rsdp, 0, sizeof(rsdp));
	memcpy(rsdp, "RSD PTR ", 8);
	memcpy(rsdp + 0x10, &start, 4);
}

/* Memory that is the loader's to give is claimed already, as on x86_64. */
static void make_memory(void)
{
	machine.ram_count = 1;
	machine.ram[0] = (struct machine_ram){
		.base = RAM_BASE,
		.size = RAM_SIZE,
		.type = MEMORY_RAM,
	};
	memory_init(&boot.memory, &machine);
	memory_claim(&boot.memory, "test", RAM_BASE, CLAIMED_END - RAM_BASE,
	             MEMORY_RAM);
	memset(paddr_ptr(RAM_BASE), RAM_PATTERN, RAM_SIZE);
	low = (struct acpi_loader_area){ LOW_BASE, LOW_END };
	fseg = (struct acpi_loader_area){ FSEG_BASE, FSEG_END };
}

static void make(void)
{
	memset(&boot.fw_cfg, 0, sizeof(boot.fw_cfg));
	boot.fw_cfg.machine = &machine;
	make_memory();
	make_tables();
	memset(script, 0, sizeof(script));
	memcpy(script, good, sizeof(good));
	script_size = sizeof(script);
}

static paddr_t run(void)
{
	fake_fw_cfg_clear();
	if (script_size)
		fake_fw_cfg_add_file("etc/table-loader", script, script_size,
		                     false);
	fake_fw_cfg_add_file(TABLES, tables, sizeof(tables), false);
	fake_fw_cfg_add_file(RSDP, rsdp, sizeof(rsdp), false);
	fake_fw_cfg_add_file(GUID, guid, sizeof(guid), false);
	fake_fw_cfg_add_file(ADDRESS, address, sizeof(address), true);
	fake_fw_cfg_add_file("etc/huge", tables, 0x7fffffff, false);
	fw_cfg_open(&boot.fw_cfg, &machine);
	return acpi_loader_run(&boot, &low, &fseg);
}

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

/* But for pointers and checksums, the tables are as the VMM has them. */
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

static void what_does_not_fit_goes_to_free_ram(void)
{
	paddr_t base;

	make();
	low.end = low.next + GUID_SIZE + TABLES_SIZE - 1;
	fseg.end = fseg.next + 1;
	base = run();
	EXPECT(base >= CLAIMED_END);
	EXPECT(!memcmp(paddr_ptr(base), "RSD PTR ", 8));
	base = load_le32(paddr_ptr(base + 0x10)) - 0x233a;
	EXPECT_EQ(base % 64, 0);
	EXPECT(base >= CLAIMED_END);
	for (const struct memory_step *step = boot.memory.steps;
	     step != boot.memory.end; step++) {
		const struct memory_range range = memory_range(step);

		if (base >= range.base && base - range.base < range.size)
			EXPECT_EQ(range.type, MEMORY_ACPI);
	}
}

/* ---- what is hostile */

static void an_incomplete_script_panics(void)
{
	make();
	script_size = 129;
	EXPECT_PANIC("acpi: table loader: 0x81 bytes: no multiple of 0x80",
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
	memory_claim(&boot.memory, "test", CLAIMED_END,
	             RAM_BASE + RAM_SIZE - CLAIMED_END, MEMORY_RAM);
	EXPECT_PANIC("acpi: table loader: 0x2000 bytes: no free RAM", run());
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

/* ---- random scripts */

static uint32_t seed;

static uint32_t random_below(uint32_t bound)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 8) % bound;
}

static void mutate_name(char *name)
{
	static const char *const names[] = {
		TABLES, RSDP, GUID, ADDRESS, "etc/table-loader", "etc/huge"
	};

	strcpy(name, names[random_below(ARRAY_COUNT(names))]);
}

/* One field of one entry, or some byte, or the order. */
static void mutate(void)
{
	static const uint32_t values[] = { 0,       1,          2,
		                           4,       8,          16,
		                           0x40,    0x1000,     TABLES_SIZE,
		                           0x1ffff, 0x7fffffff, 0xffffffff };
	uint32_t index = random_below(ARRAY_COUNT(good));
	uint32_t value = values[random_below(ARRAY_COUNT(values))];
	struct table_loader_entry *entry = &script[index];
	uint8_t *bytes = (uint8_t *)entry;

	switch (random_below(7)) {
	case 0:
		mutate_name(entry->allocate.file);
		break;
	case 1:
		mutate_name(entry->add_pointer.src_file);
		break;
	case 2:
		memcpy(bytes + 60 + 4 * random_below(3), &value, 4);
		break;
	case 3:
		memcpy(bytes + 116 + 4 * random_below(2), &value, 4);
		break;
	case 4:
		entry->command = 1 + random_below(4);
		break;
	case 5:
		script[random_below(ENTRY_MAX)] = *entry;
		break;
	default:
		bytes[random_below(sizeof(*entry))] =
			(uint8_t)random_below(256);
	}
}

/* Free RAM that nobody has claimed holds what it held. */
static void expect_free_ram_untouched(void)
{
	for (const struct memory_step *step = boot.memory.steps;
	     step != boot.memory.end; step++) {
		const struct memory_range range = memory_range(step);
		const uint8_t *bytes = paddr_ptr(range.base);

		if (range.is_claimed || range.type == MEMORY_NONE)
			continue;
		EXPECT(bytes[0] == RAM_PATTERN &&
		       !memcmp(bytes, bytes + 1, range.size - 1));
	}
}

/* What is in the areas' reach, but was not given, is not written either. */
static void expect_areas_untouched(void)
{
	const uint8_t *bytes = paddr_ptr(RAM_BASE);

	for (paddr_t at = RAM_BASE; at < CLAIMED_END; at++, bytes++)
		if (at < LOW_BASE || (at >= low.next && at < LOW_END) ||
		    at >= fseg.next)
			EXPECT_EQ(*bytes, RAM_PATTERN);
}

static bool runs_to_its_end(void)
{
	if (setjmp(*test_catch_panic()) != 0)
		return false;
	run();
	test_release_panic();
	return true;
}

static void a_changed_script_writes_to_nothing_but_its_files(void)
{
	unsigned long rounds = 1500;
	unsigned boots = 0;

	if (getenv("FUZZ_ROUNDS"))
		rounds = strtoul(getenv("FUZZ_ROUNDS"), NULL, 0);
	for (unsigned long round = 0; round < rounds; round++) {
		seed = (uint32_t)round;
		make();
		for (uint32_t i = 1 + random_below(3); i > 0; i--)
			mutate();
		boots += runs_to_its_end();
		expect_free_ram_untouched();
		expect_areas_untouched();
	}
	EXPECT(boots > rounds / 20 && boots < rounds);
}

int main(void)
{
	if (mmap((void *)RAM_BASE, RAM_SIZE, PROT_READ | PROT_WRITE,
	         MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1,
	         0) != (void *)RAM_BASE) {
		perror("mmap");
		return 1;
	}
	RUN(a_good_script_is_carried_out);
	RUN(nothing_else_is_changed);
	RUN(what_does_not_fit_goes_to_free_ram);
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
	RUN(a_changed_script_writes_to_nothing_but_its_files);
	return test_status();
}
