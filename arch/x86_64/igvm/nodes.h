/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/x86_64/igvm/nodes.h - NUMA nodes of RAM and CPUs, by the host's SRAT */
#ifndef ARCH_X86_64_IGVM_NODES_H
#define ARCH_X86_64_IGVM_NODES_H

#include "common/machine/machine.h"
#include "common/spec/acpi.h"

/*
 * Gives nodes to CPUs and RAM, whose ranges it cuts where a node ends. The
 * table is whole. CPUs behind the first are in ascending order.
 */
void nodes_read_srat(struct machine *machine, const struct acpi_header *srat);

#endif
