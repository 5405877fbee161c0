/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/aarch64/describe/acpi_gic.h - MADT and GTDT of an Arm machine
 *
 * ACPI 6.4 sections 5.2.12 and 5.2.24.
 */
#ifndef ARCH_AARCH64_DESCRIBE_ACPI_GIC_H
#define ARCH_AARCH64_DESCRIBE_ACPI_GIC_H

#include "common/describe/acpi.h"

void acpi_arm_add_madt(struct acpi *acpi, const struct machine *machine);
void acpi_arm_add_gtdt(struct acpi *acpi, const struct machine_arm *arm);

#endif
