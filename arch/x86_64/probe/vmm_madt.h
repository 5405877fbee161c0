/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/x86_64/probe/vmm_madt.h - CPUs and interrupts by a VMM's MADT */
#ifndef ARCH_X86_64_PROBE_VMM_MADT_H
#define ARCH_X86_64_PROBE_VMM_MADT_H

#include "common/machine/machine.h"
#include "common/spec/acpi.h"

/* Adds what a MADT lists. The table is whole, and has its own fields. */
void vmm_madt_read(struct machine *machine, const struct acpi_header *table);

#endif
