/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/aarch64/describe/efi_tables.h - what UEFI would leave for a kernel
 *
 * UEFI Specification 2.8, sections 4.3 (system table), 4.6 (configuration
 * tables) and 7.2 (memory map). No services: there is no firmware any more.
 */
#ifndef ARCH_AARCH64_DESCRIBE_EFI_TABLES_H
#define ARCH_AARCH64_DESCRIBE_EFI_TABLES_H

#include "common/memory/memory.h"

struct efi_tables {
	paddr_t system_table_paddr;
	paddr_t map_paddr;
	uint32_t map_size;
	uint32_t descriptor_size;
	uint32_t descriptor_version;
};

/* CRC-32 as Ethernet's, UEFI 4.2; for CPUs that have no instruction for it. */
uint32_t efi_crc32(const void *data, uint32_t size);

/*
 * Writes the system table and all it points to, of EFI_TABLES_SIZE bytes, to
 * `buffer`, that will be at `paddr`. An address that is 0 is not told.
 * `crc32` is asked for the checksum of a multiple of 8 bytes.
 */
void efi_build_tables(struct efi_tables *efi, void *buffer, paddr_t paddr,
                      paddr_t rsdp_paddr, paddr_t smbios_paddr,
                      uint32_t (*crc32)(const void *data, uint32_t size));

/* The same for the memory map, of at most EFI_MAP_SIZE bytes. */
void efi_build_map(struct efi_tables *efi, void *buffer, paddr_t paddr,
                   const struct memory *memory);

#endif
