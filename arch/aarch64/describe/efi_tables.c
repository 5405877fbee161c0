/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/aarch64/describe/efi_tables.c - writes EFI tables, see efi_tables.h */
#include "arch/aarch64/describe/efi_tables.h"

#include <efi.h>

#include "arch/aarch64/memmap.h"
#include "common/lib/console.h"
#include "common/lib/string.h"

#define SYSTEM_TABLE_REVISION (2 << 16 | 80)
#define FIRMWARE_REVISION     1
#define PAGE_SIZE             4096
#define LAST_PAGE             (-1ULL & ~(PAGE_SIZE - 1ULL))
#define TABLE_MAX             4

/* EFI_RT_PROPERTIES_TABLE, UEFI 4.6.2, says that no runtime service exists. */
#define RT_PROPERTIES_GUID                                                     \
	{                                                                      \
		0xeb66918a, 0x7eef, 0x402a,                                    \
		{                                                              \
			0x84, 0x2e, 0x93, 0x1d, 0x21, 0xc3, 0x8a, 0xe9         \
		}                                                              \
	}

struct rt_properties {
	uint16_t version;
	uint16_t length;
	uint32_t runtime_services_supported;
};

/*
 * LINUX_EFI_MEMRESERVE_TABLE_GUID of Linux include/linux/efi.h. Linux's EFI
 * stub leaves an empty list here. The kernel adds memory that outlives a kexec,
 * such as the LPI tables of the GIC.
 */
#define MEMRESERVE_GUID                                                        \
	{                                                                      \
		0x888eb0c6, 0x8ede, 0x4ff5,                                    \
		{                                                              \
			0xa8, 0xf0, 0x9a, 0xee, 0x5c, 0xb9, 0x77, 0xc2         \
		}                                                              \
	}

struct memreserve {
	uint32_t size;
	uint32_t count;
	uint64_t next;
};

/* All EFI tables are in one page. */
struct tables {
	EFI_SYSTEM_TABLE system;
	EFI_CONFIGURATION_TABLE configuration[TABLE_MAX];
	CHAR16 vendor[16];
	struct rt_properties rt_properties;
	struct memreserve memreserve;
};

static_assert(sizeof(EFI_SYSTEM_TABLE) == 120, "UEFI 4.3");
static_assert(sizeof(EFI_CONFIGURATION_TABLE) == 24, "UEFI 4.6");
static_assert(sizeof(EFI_MEMORY_DESCRIPTOR) == 40, "UEFI 7.2");
static_assert(sizeof(struct rt_properties) == 8, "UEFI 4.6.2");
static_assert(sizeof(struct memreserve) == 16, "Linux efi.h");
static_assert(sizeof(struct tables) <= SMBIOS_OFFSET - EFI_TABLES_OFFSET,
              "memmap.h");

/* The table has the CRC of each four-bit value. */
uint32_t efi_crc32(const void *data, uint32_t size)
{
	static const uint32_t table[16] = {
		0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac,
		0x76dc4190, 0x6b6b51f4, 0x4db26158, 0x5005713c,
		0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c,
		0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c,
	};
	const uint8_t *byte = data;
	uint32_t crc = UINT32_MAX;

	for (; size; size--) {
		crc ^= *byte++;
		crc = crc >> 4 ^ table[crc & 15];
		crc = crc >> 4 ^ table[crc & 15];
	}
	return ~crc;
}

static void add_table(EFI_SYSTEM_TABLE *system, EFI_GUID guid, paddr_t paddr)
{
	EFI_CONFIGURATION_TABLE *table =
		&((struct tables *)system)
			 ->configuration[system->NumberOfTableEntries];

	if (!paddr)
		return;
	table->VendorGuid = guid;
	table->VendorTable = paddr_ptr(paddr);
	system->NumberOfTableEntries++;
}

void efi_build_tables(struct efi_tables *efi, void *buffer, paddr_t paddr,
                      paddr_t rsdp_paddr, paddr_t smbios_paddr,
                      uint32_t (*crc32)(const void *data, uint32_t size))
{
	struct tables *tables = buffer;
	EFI_SYSTEM_TABLE *system = &tables->system;

	memset(tables, 0, sizeof(*tables));
	memcpy(tables->vendor, u"directboot", sizeof(u"directboot"));
	tables->rt_properties.version = 1;
	tables->rt_properties.length = sizeof(tables->rt_properties);

	system->Hdr.Signature = EFI_SYSTEM_TABLE_SIGNATURE;
	system->Hdr.Revision = SYSTEM_TABLE_REVISION;
	system->Hdr.HeaderSize = sizeof(*system);
	system->FirmwareVendor =
		paddr_ptr(paddr + offsetof(struct tables, vendor));
	system->FirmwareRevision = FIRMWARE_REVISION;
	system->ConfigurationTable =
		paddr_ptr(paddr + offsetof(struct tables, configuration));
	add_table(system, (EFI_GUID)ACPI_20_TABLE_GUID, rsdp_paddr);
	add_table(system, (EFI_GUID)RT_PROPERTIES_GUID,
	          paddr + offsetof(struct tables, rt_properties));
	add_table(system, (EFI_GUID)MEMRESERVE_GUID,
	          paddr + offsetof(struct tables, memreserve));
	add_table(system, (EFI_GUID)SMBIOS3_TABLE_GUID, smbios_paddr);
	system->Hdr.CRC32 = crc32(system, sizeof(*system));
	efi->system_table_paddr = paddr;
}

static uint32_t efi_type(enum memory_type type)
{
	switch (type) {
	case MEMORY_RAM:
		return EfiConventionalMemory;
	case MEMORY_ACPI:
		return EfiACPIReclaimMemory;
	case MEMORY_NVS:
		return EfiACPIMemoryNVS;
	case MEMORY_UNUSABLE:
		return EfiUnusableMemory;
	default:
		return EfiReservedMemoryType;
	}
}

static paddr_t descriptor_end(const EFI_MEMORY_DESCRIPTOR *descriptor)
{
	return descriptor->PhysicalStart +
	       descriptor->NumberOfPages * PAGE_SIZE;
}

/*
 * RAM shrinks to whole pages; every other range grows to whole pages. A page
 * that two of these share goes to the first. The last page of all addresses is
 * left out, because its end has no address.
 */
static uint32_t add_descriptor(EFI_MEMORY_DESCRIPTOR *map, uint32_t count,
                               paddr_t base, paddr_t end, uint32_t type)
{
	base = min_u64(base, LAST_PAGE);
	end = min_u64(end, LAST_PAGE);
	if (type == EfiConventionalMemory) {
		base = align_up(base, PAGE_SIZE);
		end = align_down(end, PAGE_SIZE);
	}
	base = align_down(base, PAGE_SIZE);
	end = align_up(end, PAGE_SIZE);
	if (count)
		base = max_u64(base, descriptor_end(&map[count - 1]));
	if (base >= end)
		return count;
	if (count == EFI_MAP_SIZE / sizeof(*map))
		panic("efi: memory map: more than %u ranges", count);
	map[count] = (EFI_MEMORY_DESCRIPTOR){
		.Type = type,
		.PhysicalStart = base,
		.NumberOfPages = (end - base) / PAGE_SIZE,
		.Attribute = EFI_MEMORY_WB,
	};
	return count + 1;
}

/* Neighbouring ranges of one EFI type become one descriptor. */
void efi_build_map(struct efi_tables *efi, void *buffer, paddr_t paddr,
                   const struct memory *memory)
{
	paddr_t base = 0, end = 0;
	uint32_t type = EfiMaxMemoryType, count = 0;

	for (const struct memory_step *step = memory->steps;
	     step != memory->end; step++) {
		const struct memory_range range = memory_range(step);

		if (range.type == MEMORY_NONE)
			continue;
		if (range.base != end || efi_type(range.type) != type) {
			count = add_descriptor(buffer, count, base, end, type);
			base = range.base;
			type = efi_type(range.type);
		}
		end = range.base + range.size;
	}
	count = add_descriptor(buffer, count, base, end, type);

	efi->map_paddr = paddr;
	efi->map_size = count * (uint32_t)sizeof(EFI_MEMORY_DESCRIPTOR);
	efi->descriptor_size = sizeof(EFI_MEMORY_DESCRIPTOR);
	efi->descriptor_version = EFI_MEMORY_DESCRIPTOR_VERSION;
}
