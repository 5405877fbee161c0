/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/unit/x86_tables.h - builds and reads tables of recorded machines */
#ifndef TESTS_UNIT_X86_TABLES_H
#define TESTS_UNIT_X86_TABLES_H

#include "arch/x86_64/describe/acpi_x86.h"
#include "tests/unit/machines.h"

#define AREA_BASE 0x19000
#define AREA_END  0x70000
#define AREA_SIZE (AREA_END - AREA_BASE)
#define CANARY    0x5a /* marks bytes that nobody has written */

extern uint8_t area[AREA_SIZE + 64];
extern struct machine machine;
extern struct acpi acpi;
extern const struct acpi_fpdt_times times;

/* Builds all tables of `machine`, or of the machine of that name. */
void build_into(uint64_t size);
void build(const char *name);

/* Returns a pointer to an address that a table has. */
const void *at(paddr_t paddr);

/* Finds the table of that name, or returns NULL. */
const void *find(const char *signature);

uint32_t length_of(const void *table);

/* Counts `text` in the DSDT. *first gets its first place, if wanted. */
unsigned count_in_dsdt(const char *text, const uint8_t **first);

#endif
