/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/x86_64/describe/acpi_x86.h - the ACPI tables of a PC */
#ifndef ARCH_X86_64_DESCRIBE_ACPI_X86_H
#define ARCH_X86_64_DESCRIBE_ACPI_X86_H

#include "common/describe/acpi.h"

/*
 * Adds every table that the machine has use for, then the XSDT. `times` is what
 * the FPDT tells; if it is NULL, there is no FPDT.
 */
void acpi_x86_build(struct acpi *acpi, const struct machine *machine,
                    const struct acpi_fpdt_times *times);

#endif
