/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/x86_64/describe/no_acpi.h - what a kernel reads that does without ACPI
 */
#ifndef ARCH_X86_64_DESCRIBE_NO_ACPI_H
#define ARCH_X86_64_DESCRIBE_NO_ACPI_H

#include "common/machine/machine.h"

/*
 * Writes the PCI interrupt routing table and the MP table of a PC, one behind
 * the other, to `to`, whose physical address is `base`, a multiple of 16. They
 * take less than 2 KiB. Of more than 4 CPUs, the first 4 are told of: more are
 * for kernels with ACPI.
 */
void no_acpi_write(void *to, paddr_t base, const struct machine *machine);

#endif
