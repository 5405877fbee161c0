/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/aarch64/describe/dt_parts.h - what nodes of the full tree have in common
 *
 * Bindings: Linux Documentation/devicetree/bindings. Addresses and sizes are
 * two cells each, interrupts those of the GIC.
 */
#ifndef ARCH_AARCH64_DESCRIBE_DT_PARTS_H
#define ARCH_AARCH64_DESCRIBE_DT_PARTS_H

#include "arch/aarch64/describe/dt_writer.h"
#include "common/place/guest.h"

enum dt_phandle {
	DT_PHANDLE_GIC = 1,
	DT_PHANDLE_MSI = 2, /* ITS or GICv2m frame */
	DT_PHANDLE_CLOCK = 3,
	DT_PHANDLE_GPIO = 4,
	DT_PHANDLE_SMMU = 5,
	DT_PHANDLE_CPU = 0x100, /* plus its index */
};

/* Cells of an interrupt of the GIC: arm,gic.yaml */
#define DT_INTERRUPT_CELL_COUNT 3

/* The same: the last of those cells */
enum dt_interrupt_flags {
	DT_INTERRUPT_EDGE_HIGH = 1,
	DT_INTERRUPT_LEVEL_HIGH = 4,
	DT_INTERRUPT_LEVEL_LOW = 8,
};

static inline enum dt_interrupt_flags dt_interrupt_flags(bool is_edge,
                                                         bool is_active_low)
{
	return is_edge         ? DT_INTERRUPT_EDGE_HIGH
	       : is_active_low ? DT_INTERRUPT_LEVEL_LOW
	                       : DT_INTERRUPT_LEVEL_HIGH;
}

/* Fills the cells of one interrupt; returns the next one. */
fdt32_t *dt_put_interrupt(fdt32_t *cell, uint32_t intid,
                          enum dt_interrupt_flags flags);

/* The node's one interrupt, if intid is not 0. */
void dt_write_interrupt(void *fdt, uint32_t intid, bool is_edge);

/* The node's registers. */
void dt_write_reg(void *fdt, const struct machine_range *ranges,
                  uint32_t count);

/* dt_chosen.c: what all trees say in /chosen */
void dt_write_chosen(void *fdt, const struct machine *machine,
                     const struct guest *guest);

/* dt_cpus.c, dt_devices.c, dt_pci.c: nodes in the root */
void dt_write_cpus(void *fdt, const struct machine *machine);
void dt_write_devices(void *fdt, const struct machine *machine);
void dt_write_pci(void *fdt, const struct machine *machine);

#endif
