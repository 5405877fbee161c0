/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/aarch64/describe/acpi_topology.h - SRAT and PPTT of an Arm machine
 *
 * ACPI 6.4 sections 5.2.16 and 5.2.29.
 */
#ifndef ARCH_AARCH64_DESCRIBE_ACPI_TOPOLOGY_H
#define ARCH_AARCH64_DESCRIBE_ACPI_TOPOLOGY_H

#include "common/describe/acpi.h"

/* Writes the SRAT. Writes nothing if the machine has no NUMA nodes. */
void acpi_arm_add_srat(struct acpi *acpi, const struct machine *machine);

void acpi_arm_add_pptt(struct acpi *acpi, const struct machine *machine);

#endif
