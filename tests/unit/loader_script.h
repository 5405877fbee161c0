/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/unit/loader_script.h - a table-loader script and its files in fw_cfg
 *
 * The good script is the one of QEMU 7.2 for a q35 with a vmgenid device. RAM
 * is mapped at its own physical address, below 4 GiB.
 */
#ifndef TESTS_UNIT_LOADER_SCRIPT_H
#define TESTS_UNIT_LOADER_SCRIPT_H

#include "common/describe/acpi_loader.h"
#include "common/machine/fw_cfg.h"
#include "common/memory/memory.h"
#include "common/spec/table_loader.h"

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
#define ENTRY_MAX   160

#define TABLES      "etc/acpi/tables"
#define RSDP        "etc/acpi/rsdp"
#define GUID        "etc/vmgenid_guid"
#define ADDRESS     "etc/vmgenid_addr"

/* The indices of some of the good script's entries, and their number. */
enum {
	ALLOCATE_RSDP = 0,
	ALLOCATE_GUID = 1,
	ALLOCATE_TABLES = 2,
	CHECKSUM_DSDT = 3,
	POINTER_FACS = 4,
	WRITE_GUID = 9,
	GOOD_COUNT = 20,
};

extern struct table_loader_entry script[ENTRY_MAX];
extern uint32_t script_size;
extern uint32_t script_growth; /* since the directory was read */
extern uint32_t spare_files;   /* "etc/spare/0" and so on */
extern uint8_t tables[TABLES_SIZE], guid[GUID_SIZE], address[16];
extern uint8_t rsdp[RSDP_SIZE];
extern struct memory memory;
extern struct acpi_loader_area low, fseg;

/* Makes the good script. Each test then makes one thing wrong. */
void make(void);

/* Makes the memory as it was before a script ran. */
void make_memory(void);

/* Runs the script and returns the RSDP's address. */
paddr_t run(void);

#endif
