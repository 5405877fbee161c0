/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/aarch64/describe/acpi_arm.h - the ACPI tables of an Arm machine */
#ifndef ARCH_AARCH64_DESCRIBE_ACPI_ARM_H
#define ARCH_AARCH64_DESCRIBE_ACPI_ARM_H

#include "common/describe/acpi.h"

/*
 * acpi_arm.c: has ACPI words for all that the machine is? If not, the kernel
 * gets a device tree.
 */
bool acpi_arm_can_tell(const struct machine *machine);

/* acpi_arm.c: all tables but the RSDP; `times` may be NULL. */
void acpi_arm_build(struct acpi *acpi, const struct machine *machine,
                    const struct acpi_fpdt_times *times);

/* acpi_dsdt.c */
void acpi_arm_add_dsdt(struct acpi *acpi, const struct machine *machine);

/* acpi_routes.c: interrupts of PCI hosts that follow no rule */
void acpi_arm_append_routes(struct acpi *acpi, const struct machine *machine);

/* acpi_gic.c: MADT and GTDT */
void acpi_arm_add_madt(struct acpi *acpi, const struct machine *machine);
void acpi_arm_add_gtdt(struct acpi *acpi, const struct machine_arm *arm);

/* acpi_topology.c: SRAT and PPTT; acpi_iort.c: IORT */
void acpi_arm_add_srat(struct acpi *acpi, const struct machine *machine);
void acpi_arm_add_pptt(struct acpi *acpi, const struct machine *machine);
void acpi_arm_add_iort(struct acpi *acpi, const struct machine *machine);

#endif
