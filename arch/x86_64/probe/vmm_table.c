/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/x86_64/probe/vmm_table.c - proves a VMM's ACPI table, see vmm_table.h */
#include "arch/x86_64/probe/vmm_table.h"

#include "arch/x86_64/lib/paging.h"
#include "common/arch.h"
#include "common/lib/byte_sum.h"
#include "common/lib/console.h"

const void *vmm_table_reach(paddr_t paddr, uint32_t size, uint32_t max)
{
	if (!paddr || size > max || !is_within(paddr, size, FOUR_GIB))
		panic("acpi: VMM's table: %#x bytes at %#lx", size, paddr);
	arch_map(paddr, size);
	return paging_given(paddr, size);
}

const struct acpi_header *vmm_table_open(paddr_t paddr, uint32_t *left)
{
	const struct acpi_header *table =
		vmm_table_reach(paddr, sizeof(*table), *left);

	vmm_table_reach(paddr, table->length, *left);
	*left -= table->length;
	if (table->length < sizeof(*table) || byte_sum(table, table->length))
		panic("acpi: VMM's table at %#lx: wrong sum", paddr);
	return table;
}
