/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tests/unit/dump_arm.c - writes the tables of Arm machines to files
 *
 *	dump_arm DIR
 *
 * For each tree of tests/unit/fdts/ it writes the ACPI tables, as
 * DIR/MACHINE/NAME.dat for iasl, and stub.dtb and full.dtb for dtc. It also
 * reads the full tree back, which must describe the same machine.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <libfdt.h>

#include "arch/aarch64/describe/acpi_arm.h"
#include "arch/aarch64/describe/dt_build.h"
#include "arch/aarch64/describe/efi_tables.h"
#include "arch/aarch64/probe/tree.h"
#include "tests/unit/trees.h"

#define AREA_BASE 0x40803000
#define AREA_SIZE (512 * 1024)
#define FDT_SIZE  0x10000

static _Alignas(64) uint8_t area[AREA_SIZE];
static _Alignas(8) uint8_t fdt[FDT_SIZE];
static struct boot boot;
static struct acpi acpi;

static void dump(const char *folder, const char *name, const void *data,
                 uint32_t size)
{
	char path[300];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "wb");
	if (!file || fwrite(data, size, 1, file) != 1 || fclose(file) != 0) {
		perror(path);
		exit(1);
	}
}

static void dump_table(const char *folder, paddr_t paddr)
{
	const uint8_t *table = area + (paddr - AREA_BASE);
	char name[16];

	snprintf(name, sizeof(name), "%.4s.dat", (const char *)table);
	dump(folder, name, table, load_le32(table + 4));
}

static void dump_acpi(const char *folder)
{
	const struct acpi_fpdt_times times = { 1000, 2000, 3000, 4000 };

	acpi_begin_area(&acpi, area, AREA_BASE, AREA_SIZE);
	acpi_arm_build(&acpi, &boot.machine, &times);
	for (uint32_t i = 0; i < acpi.table_count; i++)
		dump_table(folder, acpi.tables[i]);
	dump_table(folder, acpi.dsdt_paddr);
	dump_table(folder, acpi.xsdt_paddr);
}

static void require(const char *name, const char *what, uint64_t got,
                    uint64_t wanted)
{
	if (got == wanted)
		return;
	printf("%s: full tree: %s is %#llx, not %#llx\n", name, what,
	       (unsigned long long)got, (unsigned long long)wanted);
	exit(1);
}

static void require_bytes(const char *name, const char *what, const void *got,
                          const void *wanted, size_t size)
{
	require(name, what, memcmp(got, wanted, size) != 0, 0);
}

/* Nodes that are passed on are the same, in another place. */
static void compare_passed(const char *name, const struct machine_arm *got,
                           struct machine_arm *wanted)
{
	require(name, "passed_count", got->passed_count, wanted->passed_count);
	for (uint32_t i = 0; i < got->passed_count; i++) {
		const struct passed_node *node = &got->passed[i];

		require(name, "passed name",
		        (uint64_t)strcmp(node->name, wanted->passed[i].name),
		        0);
		for (uint32_t j = 0; j < PASSED_PROPERTY_COUNT; j++) {
			const struct passed_value *other =
				&wanted->passed[i].values[j];

			require(name, "passed size", node->values[j].size,
			        other->size);
			if (other->size)
				require_bytes(name, "passed",
				              node->values[j].data, other->data,
				              other->size);
		}
	}
	memcpy(wanted->passed, got->passed, sizeof(got->passed));
}

/* The tree that we write must describe the machine that we were given. */
static void compare_machines(const char *name, struct machine *got,
                             struct machine *wanted)
{
	require(name, "cpu_count", got->cpu_count, wanted->cpu_count);
	require_bytes(name, "cpus", got->cpus, wanted->cpus,
	              got->cpu_count * sizeof(got->cpus[0]));
	require(name, "ram_count", got->ram_count, wanted->ram_count);
	require_bytes(name, "ram", got->ram, wanted->ram,
	              got->ram_count * sizeof(got->ram[0]));
	require(name, "reserved_count", got->reserved_count,
	        wanted->reserved_count);
	for (uint32_t i = 0; i < got->reserved_count; i++) {
		require(name, "reserved base", got->reserved[i].range.base,
		        wanted->reserved[i].range.base);
		require(name, "is_no_map", got->reserved[i].is_no_map,
		        wanted->reserved[i].is_no_map);
	}
	require(name, "uart_count", got->uart_count, wanted->uart_count);
	for (uint32_t i = 0; i < got->uart_count; i++) {
		require(name, "uart base", got->uarts[i].base,
		        wanted->uarts[i].base);
		require(name, "uart gsi", got->uarts[i].gsi,
		        wanted->uarts[i].gsi);
		require(name, "uart kind", got->uarts[i].kind,
		        wanted->uarts[i].kind);
	}
	require(name, "virtio_mmio_count", got->virtio_mmio_count,
	        wanted->virtio_mmio_count);
	for (uint32_t i = 0; i < got->virtio_mmio_count; i++) {
		const struct machine_virtio_mmio *slot = &got->virtio_mmio[i];

		require(name, "slot paddr", slot->paddr,
		        wanted->virtio_mmio[i].paddr);
		require(name, "slot size", slot->size,
		        wanted->virtio_mmio[i].size);
		require(name, "slot gsi", slot->gsi,
		        wanted->virtio_mmio[i].gsi);
		require(name, "slot more_count", slot->more_count,
		        wanted->virtio_mmio[i].more_count);
	}
	require(name, "pci_host_count", got->pci_host_count,
	        wanted->pci_host_count);
	for (uint32_t i = 0; i < got->pci_host_count; i++)
		require_bytes(name, "pci host", &got->pci_hosts[i],
		              &wanted->pci_hosts[i], sizeof(got->pci_hosts[i]));
	require(name, "pci_route_count", got->pci_route_count,
	        wanted->pci_route_count);

	compare_passed(name, &got->arm, &wanted->arm);
	wanted->arm.fdt = got->arm.fdt;
	require_bytes(name, "arm", &got->arm, &wanted->arm, sizeof(got->arm));
	require(name, "initrd base", got->given.initrd.base,
	        wanted->given.initrd.base);
	require(name, "initrd size", got->given.initrd.size,
	        wanted->given.initrd.size);
}

static void dump_trees(const char *folder, const char *name)
{
	static struct machine again;
	static char cmdline[] = "console=ttyAMA0 quiet";
	const struct efi_tables efi = {
		.system_table_paddr = 0x40801000,
		.map_paddr = 0x40800000,
		.map_size = 160,
		.descriptor_size = 40,
		.descriptor_version = 1,
	};
	uint32_t size;

	boot.guest.cmdline.text = cmdline;
	boot.guest.cmdline.size = sizeof(cmdline) - 1;
	boot.guest.initrd = boot.machine.given.initrd;
	dt_build_stub(&boot.machine, &boot.guest, &efi, fdt, sizeof(fdt));
	size = fdt_totalsize(fdt);
	require(name, "libfdt on stub", fdt_check_full(fdt, size), 0);
	dump(folder, "stub.dtb", fdt, size);
	dt_build_full(&boot.machine, &boot.guest, fdt, sizeof(fdt));
	size = fdt_totalsize(fdt);
	require(name, "libfdt on full", fdt_check_full(fdt, size), 0);
	dump(folder, "full.dtb", fdt, size);

	memset(&again, 0, MACHINE_CLEAR_SIZE);
	tree_read(&again, fdt, size);
	compare_machines(name, &again, &boot.machine);
}

int main(int argc, char **argv)
{
	char folder[256];

	if (argc != 2) {
		fprintf(stderr, "usage: dump_arm DIR\n");
		return 2;
	}
	trees_init(argv[0]);
	mkdir(argv[1], 0777);
	for (unsigned i = 0; i < TREES_COUNT; i++) {
		const char *name = trees_name(i);

		snprintf(folder, sizeof(folder), "%s/%s", argv[1], name);
		mkdir(folder, 0777);
		trees_fill_machine(&boot.machine, name);
		dump_acpi(folder);
		dump_trees(folder, name);
	}
	return 0;
}
