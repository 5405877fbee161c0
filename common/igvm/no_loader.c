/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/igvm/no_loader.c - the images for IGVM files have no bytes for QEMU's
 * script of tables
 */
#include "common/describe/acpi_loader.h"

#include "common/lib/console.h"

paddr_t acpi_loader_run(const struct fw_cfg *fw_cfg, struct memory *memory,
                        struct acpi_loader_area *low,
                        struct acpi_loader_area *fseg)
{
	(void)fw_cfg;
	(void)memory;
	(void)low;
	(void)fseg;
	panic("acpi: acpi=vmm: not from an IGVM file");
}
