/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/unit/x86_tables.c - builds and reads tables; see x86_tables.h */
#include "tests/unit/x86_tables.h"

#include <string.h>

_Alignas(64) uint8_t area[AREA_SIZE + 64];
struct machine machine;
struct acpi acpi;
const struct acpi_fpdt_times times = { 11, 22, 33, 44 };

void build_into(uint64_t size)
{
	memset(area, CANARY, sizeof(area));
	acpi_begin_area(&acpi, area, AREA_BASE, size);
	acpi_x86_build(&acpi, &machine, &times);
}

void build(const char *name)
{
	machines_fill_named(name, &machine);
	build_into(AREA_SIZE);
}

const void *at(paddr_t paddr)
{
	return area + (paddr - AREA_BASE);
}

const void *find(const char *signature)
{
	for (uint32_t i = 0; i < acpi.table_count; i++)
		if (memcmp(at(acpi.tables[i]), signature, 4) == 0)
			return at(acpi.tables[i]);
	return NULL;
}

uint32_t length_of(const void *table)
{
	return load_le32((const uint8_t *)table + 4);
}

unsigned count_in_dsdt(const char *text, const uint8_t **first)
{
	const uint8_t *dsdt = at(acpi.dsdt_paddr);
	size_t size = strlen(text);
	unsigned count = 0;

	for (uint32_t i = 36; i + size <= length_of(dsdt); i++) {
		if (memcmp(dsdt + i, text, size) != 0)
			continue;
		if (count++ == 0 && first)
			*first = dsdt + i;
	}
	return count;
}
