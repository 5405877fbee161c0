/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/aarch64/describe/acpi_iort.h - IORT of an Arm machine, Arm DEN0049D */
#ifndef ARCH_AARCH64_DESCRIBE_ACPI_IORT_H
#define ARCH_AARCH64_DESCRIBE_ACPI_IORT_H

#include "common/describe/acpi.h"

/*
 * Writes the IORT. Writes nothing if the machine has no PCI host, or has
 * neither an ITS nor an SMMU.
 */
void acpi_arm_add_iort(struct acpi *acpi, const struct machine *machine);

#endif
