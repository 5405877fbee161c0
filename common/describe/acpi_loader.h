/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/describe/acpi_loader.h - the VMM's own ACPI tables, by its script
 *
 * QEMU's table-loader script asks for fw_cfg files in memory, pointers between
 * them and checksums over them (common/spec/table_loader.h). None of it is
 * trusted: what reaches beyond a file or beyond RAM ends the boot.
 */
#ifndef COMMON_DESCRIBE_ACPI_LOADER_H
#define COMMON_DESCRIBE_ACPI_LOADER_H

#include "common/lib/compiler.h"

struct fw_cfg;
struct memory;

/* Memory in [next, end) that the caller gives, and that is still free. */
struct acpi_loader_area {
	paddr_t next;
	paddr_t end;
};

/*
 * Runs the script and returns the address of the RSDP. Files go to `fseg` if
 * the script says so, else to `low`. A file that does not fit its area goes to
 * free RAM above `low` and below 4 GiB, which is claimed as MEMORY_ACPI.
 */
paddr_t acpi_loader_run(const struct fw_cfg *fw_cfg, struct memory *memory,
                        struct acpi_loader_area *low,
                        struct acpi_loader_area *fseg);

#endif
