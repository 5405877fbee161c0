/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/unit/dump_acpi.c - writes the tables of recorded machines to files
 *
 *	dump_acpi DIR [MACHINE...]
 *
 * The files are DIR/MACHINE/NAME.dat. iasl_roundtrip.sh gives them to iasl.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "arch/x86_64/describe/acpi_x86.h"
#include "tests/unit/machines.h"

#define AREA_BASE 0x19000
#define AREA_SIZE (512 * 1024)

static _Alignas(64) uint8_t area[AREA_SIZE];
static struct machine machine;
static struct acpi acpi;

static void dump(const char *folder, paddr_t paddr)
{
	const uint8_t *table = area + (paddr - AREA_BASE);
	char path[256];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%.4s.dat", folder,
	         (const char *)table);
	file = fopen(path, "wb");
	if (!file || fwrite(table, load_le32(table + 4), 1, file) != 1 ||
	    fclose(file) != 0) {
		perror(path);
		exit(1);
	}
}

static void dump_machine(const char *root, const char *name)
{
	const struct acpi_fpdt_times times = { 1000, 2000, 3000, 4000 };
	char folder[200];

	snprintf(folder, sizeof(folder), "%s/%s", root, name);
	mkdir(folder, 0777);
	machines_fill_named(name, &machine);
	acpi_begin_area(&acpi, area, AREA_BASE, AREA_SIZE);
	acpi_x86_build(&acpi, &machine, &times);
	for (uint32_t i = 0; i < acpi.table_count; i++)
		dump(folder, acpi.tables[i]);
	dump(folder, acpi.dsdt_paddr);
	dump(folder, acpi.xsdt_paddr);
	if (acpi.facs_paddr != 0)
		dump(folder, acpi.facs_paddr);
}

int main(int argc, char **argv)
{
	if (argc < 2) {
		fprintf(stderr, "usage: dump_acpi DIR [MACHINE...]\n");
		return 2;
	}
	mkdir(argv[1], 0777);
	for (int i = 2; i < argc; i++)
		dump_machine(argv[1], argv[i]);
	for (unsigned i = 0; argc == 2 && i < machines_count(); i++)
		dump_machine(argv[1], machines_name(i));
	return 0;
}
