/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/aarch64/describe/dt_parts.c - writes interrupts */
#include "arch/aarch64/describe/dt_parts.h"

#define INTID_PPI_BASE 16
#define INTID_SPI_BASE 32

fdt32_t *dt_put_interrupt(fdt32_t *cell, uint32_t intid,
                          enum dt_interrupt_flags flags)
{
	bool is_ppi = intid < INTID_SPI_BASE;

	cell = dt_put_u32(cell, is_ppi);
	cell = dt_put_u32(cell,
	                  intid - (is_ppi ? INTID_PPI_BASE : INTID_SPI_BASE));
	return dt_put_u32(cell, flags);
}

void dt_write_interrupt(void *fdt, uint32_t intid, bool is_edge)
{
	if (intid)
		dt_put_interrupt(dt_write_cells(fdt, "interrupts",
		                                DT_INTERRUPT_CELL_COUNT),
		                 intid, dt_interrupt_flags(is_edge, false));
}
