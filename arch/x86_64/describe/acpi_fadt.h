/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/describe/acpi_fadt.h - FACS and FADT of a PC
 *
 * ACPI 6.4 sections 5.2.9 and 5.2.10.
 */
#ifndef ARCH_X86_64_DESCRIBE_ACPI_FADT_H
#define ARCH_X86_64_DESCRIBE_ACPI_FADT_H

#include "common/describe/acpi.h"

/* Adds the FACS, first in the area, whose start is aligned as it must be. */
void acpi_x86_add_facs(struct acpi *acpi, const struct machine *machine);

/* Adds the FADT. FACS and DSDT, to which it points, are there already. */
void acpi_x86_add_fadt(struct acpi *acpi, const struct machine *machine);

#endif
