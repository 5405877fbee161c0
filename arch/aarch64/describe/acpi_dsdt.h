/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/aarch64/describe/acpi_dsdt.h - the DSDT of an Arm machine */
#ifndef ARCH_AARCH64_DESCRIBE_ACPI_DSDT_H
#define ARCH_AARCH64_DESCRIBE_ACPI_DSDT_H

#include "common/describe/acpi.h"

/* Writes the DSDT and sets acpi->dsdt_paddr. */
void acpi_arm_add_dsdt(struct acpi *acpi, const struct machine *machine);

#endif
