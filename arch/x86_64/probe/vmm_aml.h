/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/x86_64/probe/vmm_aml.h - the devices of a VMM's DSDT or SSDT */
#ifndef ARCH_X86_64_PROBE_VMM_AML_H
#define ARCH_X86_64_PROBE_VMM_AML_H

#include "common/machine/machine.h"
#include "common/spec/acpi.h"

/*
 * Adds the UARTs, slots of virtio-mmio, PCI Express hosts and the VMBus of a
 * table, which is mapped. The hosts have no configuration space yet. Sets
 * pm.s5_slp_typ by \_S5.
 */
void vmm_aml_read(struct machine *machine, const struct acpi_header *table);

#endif
