/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/probe/vmm_acpi.h - the machine by the VMM's own ACPI tables
 *
 * ACPI 6.4 chapter 5.2.
 */
#ifndef ARCH_X86_64_PROBE_VMM_ACPI_H
#define ARCH_X86_64_PROBE_VMM_ACPI_H

#include "common/machine/machine.h"

/* Returns the address of the VMM's RSDP, or 0 if there is none. */
paddr_t vmm_acpi_rsdp(const struct machine *machine);

/* Adds what MADT, MCFG and FADT say. Returns false if they list no CPUs. */
bool vmm_acpi_probe(struct machine *machine);

#endif
