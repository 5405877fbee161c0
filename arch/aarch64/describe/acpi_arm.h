/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/aarch64/describe/acpi_arm.h - the ACPI tables of an Arm machine */
#ifndef ARCH_AARCH64_DESCRIBE_ACPI_ARM_H
#define ARCH_AARCH64_DESCRIBE_ACPI_ARM_H

#include "common/describe/acpi.h"

/*
 * Has ACPI words for all that the machine is? If not, the kernel gets a device
 * tree.
 */
bool acpi_arm_can_tell(const struct machine *machine);

/* All tables but the RSDP; `times` may be NULL. */
void acpi_arm_build(struct acpi *acpi, const struct machine *machine,
                    const struct acpi_fpdt_times *times);

#endif
