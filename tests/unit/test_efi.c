/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/unit/test_efi.c - the tables that UEFI would have left */
#include <string.h>

#include <efi.h>

#include "arch/aarch64/describe/efi_tables.h"
#include "arch/aarch64/memmap.h"
#include "common/machine/machine.h"
#include "tests/unit/test.h"

#define PADDR 0x940801000

static _Alignas(8) uint8_t page[EFI_TABLES_SIZE];
static struct efi_tables efi;
static struct memory memory;
static struct machine machine;

static const void *at(const void *paddr)
{
	return page + ((uintptr_t)paddr - PADDR);
}

static void add_ram(paddr_t base, uint64_t size)
{
	machine.ram[machine.ram_count++] = (struct machine_ram){
		.base = base,
		.size = size,
		.type = MEMORY_RAM,
	};
}

/* This works bit by bit, unlike the code under test. */
static uint32_t crc32(const uint8_t *data, uint32_t size)
{
	uint32_t crc = 0xffffffff;

	while (size--) {
		crc ^= *data++;
		for (int i = 0; i < 8; i++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
	}
	return ~crc;
}

static void system_table_is_sound(void)
{
	EFI_SYSTEM_TABLE *system = (EFI_SYSTEM_TABLE *)page;
	uint32_t crc;

	efi_build_tables(&efi, page, PADDR, 0x40802000, 0, efi_crc32);
	EXPECT_EQ(efi.system_table_paddr, PADDR);
	EXPECT_EQ(system->Hdr.Signature, EFI_SYSTEM_TABLE_SIGNATURE);
	EXPECT_EQ(system->Hdr.Revision, 2 << 16 | 80);
	EXPECT_EQ(system->Hdr.Reserved, 0);
	EXPECT_EQ(system->FirmwareRevision, 1);
	EXPECT_EQ(system->Hdr.HeaderSize, 120);
	EXPECT(!system->RuntimeServices && !system->BootServices);
	EXPECT(memcmp(at(system->FirmwareVendor), u"directboot", 22) == 0);
	crc = system->Hdr.CRC32;
	system->Hdr.CRC32 = 0;
	EXPECT_EQ(crc, crc32(page, 120));
}

static void configuration_tables_are_listed(void)
{
	const EFI_SYSTEM_TABLE *system = (EFI_SYSTEM_TABLE *)page;
	const EFI_GUID acpi = ACPI_20_TABLE_GUID;
	const EFI_GUID smbios = SMBIOS3_TABLE_GUID;
	const EFI_CONFIGURATION_TABLE *table;
	const uint8_t *properties;

	efi_build_tables(&efi, page, PADDR, 0x40802000, 0x40801200, efi_crc32);
	table = at(system->ConfigurationTable);
	EXPECT_EQ(system->NumberOfTableEntries, 4);
	EXPECT(memcmp(&table[0].VendorGuid, &acpi, sizeof(acpi)) == 0);
	EXPECT_EQ((uintptr_t)table[0].VendorTable, 0x40802000);
	properties = at(table[1].VendorTable);
	EXPECT_EQ(properties[0], 1); /* version */
	EXPECT_EQ(properties[2], 8); /* length */
	EXPECT_EQ(load_le32(properties + 4), 0);
	EXPECT(memcmp(&table[3].VendorGuid, &smbios, sizeof(smbios)) == 0);
	efi_build_tables(&efi, page, PADDR, 0x40802000, 0, efi_crc32);
	EXPECT_EQ(system->NumberOfTableEntries, 3);
}

/* The GUIDs of UEFI 2.10, and Linux's, as they lie in memory */
static void tables_have_their_guids(void)
{
	static const struct {
		uint8_t guid[16];
		paddr_t paddr;
	} wanted[] = {
		{ { 0x71, 0xe8, 0x68, 0x88, 0xf1, 0xe4, 0xd3, 0x11, 0xbc, 0x22,
		    0x00, 0x80, 0xc7, 0x3c, 0x88, 0x81 },
		  0x940802000 },
		{ { 0x8a, 0x91, 0x66, 0xeb, 0xef, 0x7e, 0x2a, 0x40, 0x84, 0x2e,
		    0x93, 0x1d, 0x21, 0xc3, 0x8a, 0xe9 },
		  PADDR + 120 + 4 * 24 + 32 },
		{ { 0xc6, 0xb0, 0x8e, 0x88, 0xde, 0x8e, 0xf5, 0x4f, 0xa8, 0xf0,
		    0x9a, 0xee, 0x5c, 0xb9, 0x77, 0xc2 },
		  PADDR + 120 + 4 * 24 + 32 + 8 },
		{ { 0x44, 0x15, 0xfd, 0xf2, 0x94, 0x97, 0x2c, 0x4a, 0x99, 0x2e,
		    0xe5, 0xbb, 0xcf, 0x20, 0xe3, 0x94 },
		  0xa40801200 },
	};
	const uint8_t *table = page + 120;

	memset(page, 0xa5, sizeof(page));
	efi_build_tables(&efi, page, PADDR, 0x940802000, 0xa40801200,
	                 efi_crc32);
	EXPECT_EQ(load_le64(page + 104), 4);
	EXPECT_EQ(load_le64(page + 112), PADDR + 120);
	EXPECT_EQ(load_le64(page + 24), PADDR + 120 + 4 * 24);
	for (uint32_t i = 0; i < 4; i++, table += 24) {
		EXPECT(!memcmp(table, wanted[i].guid, 16));
		EXPECT_EQ(load_le64(table + 16), wanted[i].paddr);
	}
	/* Linux's list of reservations has no entries, and no room for any. */
	for (uint32_t i = 0; i < 16; i++)
		EXPECT_EQ(((const uint8_t *)at((void *)wanted[2].paddr))[i], 0);
}

/* The CRC of the nine digits is the one that everybody checks by. */
static void the_checksum_is_the_usual_one(void)
{
	uint8_t bytes[256];

	EXPECT_EQ(efi_crc32("123456789", 9), 0xcbf43926);
	EXPECT_EQ(efi_crc32("", 0), 0);
	for (uint32_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)i;
	for (uint32_t i = 0; i <= sizeof(bytes); i++)
		EXPECT_EQ(efi_crc32(bytes, i), crc32(bytes, i));
}

static EFI_MEMORY_DESCRIPTOR map[EFI_MAP_SIZE / 40];

static void expect_descriptor(uint32_t index, uint32_t type, paddr_t base,
                              uint64_t pages)
{
	EXPECT_EQ(map[index].Type, type);
	EXPECT_EQ(map[index].PhysicalStart, base);
	EXPECT_EQ(map[index].NumberOfPages, pages);
	EXPECT_EQ(map[index].VirtualStart, 0);
}

/* UEFI 2.10, table 7.10: types; what has none of them is reserved. */
static void each_kind_of_memory_has_a_type(void)
{
	memset(&machine, 0, sizeof(machine));
	memset(map, 0xa5, sizeof(map));
	add_ram(0x940000000, 0x10000000);
	memory_init(&memory, &machine);
	memory_set(&memory, 0x941000000, 0x1000, MEMORY_RESERVED);
	memory_set(&memory, 0x942000000, 0x2000, MEMORY_ACPI);
	memory_set(&memory, 0x943000000, 0x3000, MEMORY_NVS);
	memory_set(&memory, 0x944000000, 0x4000, MEMORY_UNUSABLE);
	memory_set(&memory, 0x945000000, 0x5000, 12);
	efi_build_map(&efi, map, 0x940800000, &memory);
	EXPECT_EQ(efi.map_paddr, 0x940800000);
	EXPECT_EQ(efi.map_size, 11 * 40);
	EXPECT_EQ(efi.descriptor_size, 40);
	EXPECT_EQ(efi.descriptor_version, 1);
	expect_descriptor(0, EfiConventionalMemory, 0x940000000, 0x1000);
	expect_descriptor(1, EfiReservedMemoryType, 0x941000000, 1);
	expect_descriptor(2, EfiConventionalMemory, 0x941001000, 0xfff);
	expect_descriptor(3, EfiACPIReclaimMemory, 0x942000000, 2);
	expect_descriptor(5, EfiACPIMemoryNVS, 0x943000000, 3);
	expect_descriptor(7, EfiUnusableMemory, 0x944000000, 4);
	expect_descriptor(9, EfiReservedMemoryType, 0x945000000, 5);
	expect_descriptor(10, EfiConventionalMemory, 0x945005000, 0xaffb);
}

/* RAM of less than a page is none; neighbours of one type are one range. */
static void ranges_are_whole_pages(void)
{
	memset(&machine, 0, sizeof(machine));
	add_ram(0x40000800, 0x700);
	add_ram(0x40002800, 0x1800);
	add_ram(0x40005000, 0x1000);
	memory_init(&memory, &machine);
	memory_set(&memory, 0x40008000, 0x1000, MEMORY_RESERVED);
	memory_set(&memory, 0x40009000, 0x1000, 12);
	memory_set(&memory, 0x4000afff, 2, MEMORY_RESERVED);
	efi_build_map(&efi, map, 0, &memory);
	EXPECT_EQ(efi.map_size, 4 * 40);
	expect_descriptor(0, EfiConventionalMemory, 0x40003000, 1);
	expect_descriptor(1, EfiConventionalMemory, 0x40005000, 1);
	expect_descriptor(2, EfiReservedMemoryType, 0x40008000, 2);
	expect_descriptor(3, EfiReservedMemoryType, 0x4000a000, 2);
}

/* The end of the last page of all has no address. */
static void the_last_page_is_told_of_nothing(void)
{
	static const enum memory_type types[] = { MEMORY_RAM, MEMORY_RESERVED };

	for (uint32_t i = 0; i < ARRAY_COUNT(types); i++) {
		memset(&machine, 0, sizeof(machine));
		add_ram(0x40000000, 0x1000);
		memory_init(&memory, &machine);
		memory_set(&memory, UINT64_MAX - 0x7ff, 0x700, types[i]);
		efi_build_map(&efi, map, 0, &memory);
		EXPECT_EQ(efi.map_size, 40);
		expect_descriptor(0, EfiConventionalMemory, 0x40000000, 1);
	}
}

static void map_tells_all_ram_once(void)
{
	memset(&machine, 0, sizeof(machine));
	add_ram(0x40000000, 0x10000000);
	add_ram(0x80000000, 0x10000000);
	memory_init(&memory, &machine);
	memory_claim(&memory, "kernel", 0x41000000, 0x123, MEMORY_RAM);
	memory_claim(&memory, "acpi", 0x40800000, 0x10000, MEMORY_ACPI);
	memory_set(&memory, 0x8fff0800, 0x100, MEMORY_RESERVED);
	efi_build_map(&efi, map, 0x40800000, &memory);
	EXPECT_EQ(efi.map_size, 6 * sizeof(map[0]));
	EXPECT_EQ(map[0].Type, EfiConventionalMemory);
	EXPECT_EQ(map[0].NumberOfPages, 0x800);
	EXPECT_EQ(map[1].Type, EfiACPIReclaimMemory);
	EXPECT_EQ(map[1].PhysicalStart, 0x40800000);
	EXPECT_EQ(map[2].PhysicalStart, 0x40810000);
	EXPECT_EQ(map[2].NumberOfPages, 0x10000 - 0x810);
	EXPECT_EQ(map[3].PhysicalStart, 0x80000000);
	EXPECT_EQ(map[3].NumberOfPages, 0xfff0);
	EXPECT_EQ(map[4].Type, EfiReservedMemoryType);
	EXPECT_EQ(map[4].NumberOfPages, 1);
	EXPECT_EQ(map[5].PhysicalStart, 0x8fff1000);
	for (unsigned i = 0; i < 6; i++)
		EXPECT_EQ(map[i].Attribute, EFI_MEMORY_WB);
}

/* UEFI 7.2 has no place for a page that is told twice. */
static void a_page_of_two_ranges_is_told_once(void)
{
	memset(&machine, 0, sizeof(machine));
	add_ram(0x40000000, 0x10000000);
	memory_init(&memory, &machine);
	memory_set(&memory, 0x40001100, 0x100, MEMORY_RESERVED);
	memory_set(&memory, 0x40001300, 0x100, MEMORY_RESERVED);
	memory_set(&memory, 0x40001800, 0x900, MEMORY_NVS);
	memory_set(&memory, UINT64_MAX - 0x2000, 0x2000, MEMORY_RESERVED);
	efi_build_map(&efi, map, 0x40800000, &memory);
	EXPECT_EQ(efi.map_size, 5 * sizeof(map[0]));
	EXPECT_EQ(map[1].PhysicalStart, 0x40001000);
	EXPECT_EQ(map[1].NumberOfPages, 1);
	EXPECT_EQ(map[2].Type, EfiACPIMemoryNVS);
	EXPECT_EQ(map[2].PhysicalStart, 0x40002000);
	EXPECT_EQ(map[3].PhysicalStart, 0x40003000);
	EXPECT_EQ(map[4].PhysicalStart, 0xffffffffffffd000);
	EXPECT_EQ(map[4].NumberOfPages, 2);
}

static void map_that_is_too_long_panics(void)
{
	memset(&machine, 0, sizeof(machine));
	for (unsigned i = 0; i < 102; i++)
		add_ram(0x40000000 + i * 0x2000, 0x1000);
	memory_init(&memory, &machine);
	efi_build_map(&efi, map, 0, &memory);
	EXPECT_EQ(efi.map_size, 102 * 40);
	memset(&machine, 0, sizeof(machine));
	for (unsigned i = 0; i < 103; i++)
		add_ram(0x40000000 + i * 0x2000, 0x1000);
	memory_init(&memory, &machine);
	EXPECT_PANIC("efi: memory map: more than 102 ranges",
	             efi_build_map(&efi, map, 0, &memory));
}

int main(void)
{
	RUN(system_table_is_sound);
	RUN(configuration_tables_are_listed);
	RUN(tables_have_their_guids);
	RUN(the_checksum_is_the_usual_one);
	RUN(each_kind_of_memory_has_a_type);
	RUN(ranges_are_whole_pages);
	RUN(the_last_page_is_told_of_nothing);
	RUN(map_tells_all_ram_once);
	RUN(a_page_of_two_ranges_is_told_once);
	RUN(map_that_is_too_long_panics);
	return test_status();
}
