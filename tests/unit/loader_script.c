/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/unit/loader_script.c - a table-loader script, see loader_script.h */
#include "tests/unit/loader_script.h"

#include <stdio.h>
#include <string.h>

#include "tests/unit/fake_fw_cfg.h"

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

static const struct table_loader_entry good[GOOD_COUNT] = {
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

struct table_loader_entry script[ENTRY_MAX];
uint32_t script_size, script_growth, spare_files;
uint8_t tables[TABLES_SIZE], guid[GUID_SIZE], address[16];
uint8_t rsdp[RSDP_SIZE];
struct fw_cfg fw_cfg;
struct memory memory;
static struct machine machine;
struct acpi_loader_area low, fseg;

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

/* The memory for the loader's files is claimed already, as on x86_64. */
void make_memory(void)
{
	machine.ram_count = 1;
	machine.ram[0] = (struct machine_ram){
		.base = RAM_BASE,
		.size = RAM_SIZE,
		.type = MEMORY_RAM,
	};
	memory_init(&memory, &machine);
	memory_claim(&memory, "test", RAM_BASE, CLAIMED_END - RAM_BASE,
	             MEMORY_RAM);
	memset(paddr_ptr(RAM_BASE), RAM_PATTERN, RAM_SIZE);
	low = (struct acpi_loader_area){ LOW_BASE, LOW_END };
	fseg = (struct acpi_loader_area){ FSEG_BASE, FSEG_END };
}

void make(void)
{
	memset(&fw_cfg, 0, sizeof(fw_cfg));
	make_memory();
	make_tables();
	memset(script, 0, sizeof(script));
	memcpy(script, good, sizeof(good));
	script_size = sizeof(script);
	script_growth = spare_files = 0;
}

paddr_t run(void)
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
	for (uint32_t i = 0; i < spare_files; i++) {
		char name[24];

		snprintf(name, sizeof(name), "etc/spare/%u", i);
		fake_fw_cfg_add_file(name, address, sizeof(address), false);
	}
	fw_cfg_open(&fw_cfg);
	fw_cfg.files[FW_CFG_FILE_LOADER].size -= script_growth;
	return acpi_loader_run(&fw_cfg, &memory, &low, &fseg);
}
