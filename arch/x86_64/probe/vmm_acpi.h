/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/probe/vmm_acpi.h - the machine by the VMM's own ACPI tables
 *
 * ACPI 6.4 chapter 5.2.
 */
#ifndef ARCH_X86_64_PROBE_VMM_ACPI_H
#define ARCH_X86_64_PROBE_VMM_ACPI_H

#include "common/machine/machine.h"
#include "common/spec/acpi.h"

/* Returns the address of the VMM's RSDP, or 0 if there is none. */
paddr_t vmm_acpi_rsdp(const struct machine *machine);

/*
 * Returns the table at `paddr`, of at most `size` bytes. Panics if it is not
 * whole, or is less than `least` bytes.
 */
const struct acpi_header *vmm_acpi_table(paddr_t paddr, uint32_t size,
                                         uint32_t least);

/* Adds the CPUs, I/O APICs and overrides of a MADT, which is whole. */
void vmm_acpi_read_madt(struct machine *machine,
                        const struct acpi_header *table);

/* Adds what MADT, MCFG and FADT say. Returns false if they list no CPUs. */
bool vmm_acpi_probe(struct machine *machine);

#endif
