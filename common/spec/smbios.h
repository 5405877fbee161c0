/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/spec/smbios.h - layout of SMBIOS structures
 *
 * DMTF DSP0134, System Management BIOS Reference Specification 3.4. The numbers
 * are its sections.
 */
#ifndef COMMON_SPEC_SMBIOS_H
#define COMMON_SPEC_SMBIOS_H

#include "common/lib/compiler.h"

#define SMBIOS_MAJOR 3
#define SMBIOS_MINOR 4

/* 5.2.1 SMBIOS 2.1 (32-bit) Entry Point: its size in bytes */
#define SMBIOS2_ANCHOR_SIZE 31

/* 5.2.2 SMBIOS 3.0 (64-bit) Entry Point */
struct smbios3_anchor {
	char anchor[5]; /* "_SM3_" */
	uint8_t checksum;
	uint8_t length;
	uint8_t major;
	uint8_t minor;
	uint8_t docrev;
	uint8_t revision;
	uint8_t reserved;
	uint32_t table_max_size;
	uint64_t table_paddr;
} PACKED;

static_assert(sizeof(struct smbios3_anchor) == 24, "SMBIOS 5.2.2");

enum smbios_type {
	SMBIOS_BIOS = 0,
	SMBIOS_SYSTEM = 1,
	SMBIOS_CHASSIS = 3,
	SMBIOS_OEM_STRINGS = 11,
	SMBIOS_END = 127,
};

/* 6.1.2 Structure header. Strings follow the structure, numbered from 1 on. */
struct smbios_header {
	uint8_t type;
	uint8_t length;
	uint16_t handle;
} PACKED;

static_assert(sizeof(struct smbios_header) == 4, "SMBIOS 6.1.2");

/* 7.1 BIOS Information */
#define SMBIOS_BIOS_HAS_PCI    (1u << 7)
#define SMBIOS_BIOS_EXT1_ACPI  (1u << 0)
#define SMBIOS_BIOS_EXT2_VM    (1u << 4)
#define SMBIOS_RELEASE_UNKNOWN 0xff

struct smbios_bios {
	struct smbios_header header;
	uint8_t vendor;
	uint8_t version;
	uint16_t starting_segment;
	uint8_t release_date;
	uint8_t rom_size;
	uint64_t characteristics;
	uint8_t extension1;
	uint8_t extension2;
	uint8_t major_release;
	uint8_t minor_release;
	uint8_t ec_major_release;
	uint8_t ec_minor_release;
	uint16_t extended_rom_size;
} PACKED;

static_assert(sizeof(struct smbios_bios) == 26, "SMBIOS 7.1");

/* 7.2 System Information */
#define SMBIOS_WAKE_UP_POWER_SWITCH 6

struct smbios_system {
	struct smbios_header header;
	uint8_t manufacturer;
	uint8_t product_name;
	uint8_t version;
	uint8_t serial_number;
	uint8_t uuid[16]; /* all zeros: there is none */
	uint8_t wake_up_type;
	uint8_t sku_number;
	uint8_t family;
} PACKED;

static_assert(sizeof(struct smbios_system) == 27, "SMBIOS 7.2");

/* 7.4 System Enclosure or Chassis */
#define SMBIOS_CHASSIS_OTHER 1
#define SMBIOS_STATE_SAFE    3
#define SMBIOS_SECURITY_NONE 3

struct smbios_chassis {
	struct smbios_header header;
	uint8_t manufacturer;
	uint8_t type;
	uint8_t version;
	uint8_t serial_number;
	uint8_t asset_tag;
	uint8_t boot_up_state;
	uint8_t power_supply_state;
	uint8_t thermal_state;
	uint8_t security_status;
	uint32_t oem_defined;
	uint8_t height;
	uint8_t power_cord_count;
	uint8_t element_count;
	uint8_t element_length;
	uint8_t sku_number;
} PACKED;

static_assert(sizeof(struct smbios_chassis) == 22, "SMBIOS 7.4");

#endif
