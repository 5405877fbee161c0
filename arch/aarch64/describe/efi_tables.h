/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/aarch64/describe/efi_tables.h - the tables that UEFI would leave for a
 * kernel
 *
 * UEFI Specification 2.8, sections 4.3 (system table), 4.6 (configuration
 * tables) and 7.2 (memory map). The tables offer no EFI services, because no
 * firmware stays behind.
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

/*
 * Returns the CRC-32 of Ethernet and UEFI 4.2 over `size` bytes. It is for CPUs
 * that have no instruction for it.
 */
uint32_t efi_crc32(const void *data, uint32_t size);

/*
 * Writes the system table and all that it points to into `buffer`, which the
 * kernel will find at `paddr` and which has EFI_TABLES_SIZE bytes. If an
 * address is 0, its table is left out. `crc32` returns the checksum of `size`
 * bytes, a multiple of 8.
 */
void efi_build_tables(struct efi_tables *efi, void *buffer, paddr_t paddr,
                      paddr_t rsdp_paddr, paddr_t smbios_paddr,
                      uint32_t (*crc32)(const void *data, uint32_t size));

/* Does the same for the memory map, which has at most EFI_MAP_SIZE bytes. */
void efi_build_map(struct efi_tables *efi, void *buffer, paddr_t paddr,
                   const struct memory *memory);

#endif
