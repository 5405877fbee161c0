/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/aarch64/describe/acpi_arm.h - the ACPI tables of an Arm machine
 *
 * The input is struct machine; the output is tables in the area of struct acpi.
 * ACPI 6.4, chapter 5.
 */
#ifndef ARCH_AARCH64_DESCRIBE_ACPI_ARM_H
#define ARCH_AARCH64_DESCRIBE_ACPI_ARM_H

#include "common/describe/acpi.h"

/*
 * Tells whether ACPI can describe the whole machine. If it cannot, the kernel
 * gets a device tree instead.
 */
bool acpi_arm_can_tell(const struct machine *machine);

/*
 * Writes all tables but the RSDP. The FPDT is left out if `times` is NULL.
 */
void acpi_arm_build(struct acpi *acpi, const struct machine *machine,
                    const struct acpi_fpdt_times *times);

#endif
