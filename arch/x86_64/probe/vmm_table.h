/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/probe/vmm_table.h - an ACPI table of the VMM, proven to be whole
 *
 * ACPI 6.4 section 5.2.6.
 */
#ifndef ARCH_X86_64_PROBE_VMM_TABLE_H
#define ARCH_X86_64_PROBE_VMM_TABLE_H

#include "common/lib/compiler.h"
#include "common/spec/acpi.h"

/* Maps `size` bytes, at most `max`, and returns a pointer to them. */
const void *vmm_table_reach(paddr_t paddr, uint32_t size, uint32_t max);

/*
 * Returns the table at `paddr`, whose sum is right. `left` is how many bytes
 * may still be summed.
 */
const struct acpi_header *vmm_table_open(paddr_t paddr, uint32_t *left);

#endif
