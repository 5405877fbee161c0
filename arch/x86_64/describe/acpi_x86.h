/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/describe/acpi_x86.h - the x86 tables: struct machine in, bytes
 * out
 */
#ifndef ARCH_X86_64_DESCRIBE_ACPI_X86_H
#define ARCH_X86_64_DESCRIBE_ACPI_X86_H

#include "common/describe/acpi.h"

/*
 * acpi_x86.c: every table that the machine has use for, then the XSDT.
 * `times` is what the FPDT tells; NULL: there is none.
 */
void acpi_x86_build(struct acpi *acpi, const struct machine *machine,
                    const struct acpi_fpdt_times *times);

/* acpi_dsdt.c */
void acpi_x86_add_dsdt(struct acpi *acpi, const struct machine *machine);

/* acpi_fadt.c: FACS and FADT; the DSDT must be there already. */
void acpi_x86_add_facs(struct acpi *acpi, const struct machine *machine);
void acpi_x86_add_fadt(struct acpi *acpi, const struct machine *machine);

/* acpi_madt.c */
void acpi_x86_add_madt(struct acpi *acpi, const struct machine *machine);
void acpi_x86_add_srat(struct acpi *acpi, const struct machine *machine);

#endif
