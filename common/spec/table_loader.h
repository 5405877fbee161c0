/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/spec/table_loader.h - QEMU's script that puts ACPI tables in place
 *
 * The fw_cfg file "etc/table-loader", as QEMU hw/acpi/bios-linker-loader.c
 * describes it, has entries of 128 bytes, little-endian, which are carried out
 * in order. A file's name ends with a NUL.
 */
#ifndef COMMON_SPEC_TABLE_LOADER_H
#define COMMON_SPEC_TABLE_LOADER_H

#include "common/lib/compiler.h"

#define TABLE_LOADER_NAME_SIZE 56

enum table_loader_command {
	TABLE_LOADER_PADDING = 0, /* fills the last page */
	TABLE_LOADER_ALLOCATE = 1,
	TABLE_LOADER_ADD_POINTER = 2,
	TABLE_LOADER_ADD_CHECKSUM = 3,
	TABLE_LOADER_WRITE_POINTER = 4,
};

enum table_loader_zone {
	TABLE_LOADER_ZONE_HIGH = 1, /* anywhere below 4 GiB */
	TABLE_LOADER_ZONE_FSEG = 2, /* where kernels look for an RSDP */
};

struct table_loader_allocate {
	char file[TABLE_LOADER_NAME_SIZE];
	uint32_t align;
	uint8_t zone;
} PACKED;

/* Adds the address of `src_file` to an integer of `dest_file`. */
struct table_loader_add_pointer {
	char dest_file[TABLE_LOADER_NAME_SIZE];
	char src_file[TABLE_LOADER_NAME_SIZE];
	uint32_t offset;
	uint8_t size;
} PACKED;

/*
 * Sets the byte at `offset` so that the `length` bytes from `start` on sum up
 * to 0.
 */
struct table_loader_add_checksum {
	char file[TABLE_LOADER_NAME_SIZE];
	uint32_t offset;
	uint32_t start;
	uint32_t length;
} PACKED;

/* Tells the VMM the address of `src_offset` in `src_file`. */
struct table_loader_write_pointer {
	char dest_file[TABLE_LOADER_NAME_SIZE];
	char src_file[TABLE_LOADER_NAME_SIZE];
	uint32_t dest_offset;
	uint32_t src_offset;
	uint8_t size;
} PACKED;

struct table_loader_entry {
	uint32_t command;
	union {
		struct table_loader_allocate allocate;
		struct table_loader_add_pointer add_pointer;
		struct table_loader_add_checksum add_checksum;
		struct table_loader_write_pointer write_pointer;
		uint8_t reserved[124];
	};
} PACKED;

static_assert(sizeof(struct table_loader_entry) == 128,
              "bios-linker-loader.c: BiosLinkerLoaderEntry");

#endif
