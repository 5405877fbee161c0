/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/x86_64/describe/acpi_dsdt.h - the DSDT of a PC, ACPI 6.4 chapter 5.3 */
#ifndef ARCH_X86_64_DESCRIBE_ACPI_DSDT_H
#define ARCH_X86_64_DESCRIBE_ACPI_DSDT_H

#include "common/describe/acpi.h"

/* Adds the DSDT, and sets acpi->dsdt_paddr. */
void acpi_x86_add_dsdt(struct acpi *acpi, const struct machine *machine);

#endif
