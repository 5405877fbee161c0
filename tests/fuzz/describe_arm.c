/* SPDX-License-Identifier: BSD-2-Clause */
/* tests/fuzz/describe_arm.c - describes a machine of AArch64 in all ways */
#include "tests/fuzz/describe_arm.h"

#include <string.h>

#include "arch/aarch64/describe/acpi_arm.h"
#include "arch/aarch64/describe/dt_build.h"
#include "arch/aarch64/describe/efi_tables.h"
#include "arch/aarch64/memmap.h"
#include "common/place/guest.h"
#include "tests/fuzz/judge.h"
#include "tests/unit/trees.h"

#define AREA_BASE 0x40803000
#define FULL_SIZE 0x200000

static _Alignas(64) uint8_t area[ACPI_SIZE];
static _Alignas(8) uint8_t fdt[FULL_SIZE];
static char cmdline[] = "console=ttyAMA0";
static const struct guest guest = {
	.kernel = { .base = 0x40200000, .size = 0x1000000 },
	.initrd = { 0x48000000, 0x123456 },
	.cmdline = { .text = cmdline, .size = sizeof(cmdline) - 1 },
};

static void describe_acpi(const struct machine *machine)
{
	const struct acpi_fpdt_times times = { 11, 22, 33, 44 };
	struct judge_area tables = { area, AREA_BASE, 0 };
	uint8_t rsdp[36];
	struct acpi acpi;

	acpi_begin_area(&acpi, area, AREA_BASE, sizeof(area));
	acpi_arm_build(&acpi, machine, &times);
	acpi_write_rsdp(&acpi, rsdp);
	tables.size = acpi_used(&acpi);
	judge_acpi(&tables, rsdp);
}

void describe_arm(const struct machine *machine)
{
	const struct efi_tables efi = { 0x40801000, 0x40800000, 400, 40, 1 };

	if (acpi_arm_can_tell(machine))
		describe_acpi(machine);
	dt_build_stub(machine, &guest, &efi, fdt, STUB_FDT_SIZE);
	judge_tree(fdt, STUB_FDT_SIZE, true);
	dt_build_full(machine, &guest, fdt, sizeof(fdt));
	judge_tree(fdt, sizeof(fdt), true);
}

void describe_arm_given(const struct machine *machine, const void *given,
                        uint32_t size)
{
	dt_build_given(machine, &guest, given, size, fdt, sizeof(fdt));
	judge_tree(fdt, sizeof(fdt), false);
}
