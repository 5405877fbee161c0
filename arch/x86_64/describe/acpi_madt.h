/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/describe/acpi_madt.h - MADT and SRAT of a PC
 *
 * ACPI 6.4 sections 5.2.12 and 5.2.16.
 */
#ifndef ARCH_X86_64_DESCRIBE_ACPI_MADT_H
#define ARCH_X86_64_DESCRIBE_ACPI_MADT_H

#include "common/describe/acpi.h"

/* Adds the MADT: CPUs, I/O APICs and ISA interrupts. */
void acpi_x86_add_madt(struct acpi *acpi, const struct machine *machine);

/* Adds the SRAT, if the machine has nodes. */
void acpi_x86_add_srat(struct acpi *acpi, const struct machine *machine);

#endif
