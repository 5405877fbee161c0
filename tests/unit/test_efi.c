/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/unit/test_efi.c - the tables that UEFI would have left */
#include <string.h>

#include <efi.h>

#include "arch/aarch64/describe/efi_tables.h"
#include "arch/aarch64/memmap.h"
#include "common/machine/machine.h"
#include "tests/unit/test.h"

#define PADDR 0x40801000

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
	EXPECT(system->Hdr.Revision >= 2 << 16);
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

static void map_tells_all_ram_once(void)
{
	static EFI_MEMORY_DESCRIPTOR map[EFI_MAP_SIZE / 40];

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
	static EFI_MEMORY_DESCRIPTOR map[EFI_MAP_SIZE / 40];

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
	static uint8_t map[EFI_MAP_SIZE];

	memset(&machine, 0, sizeof(machine));
	for (unsigned i = 0; i < 200; i++)
		add_ram(0x40000000 + i * 0x2000, 0x1000);
	memory_init(&memory, &machine);
	EXPECT_PANIC("efi: memory map: more than 102 ranges",
	             efi_build_map(&efi, map, 0, &memory));
}

int main(void)
{
	RUN(system_table_is_sound);
	RUN(configuration_tables_are_listed);
	RUN(map_tells_all_ram_once);
	RUN(a_page_of_two_ranges_is_told_once);
	RUN(map_that_is_too_long_panics);
	return test_status();
}
