/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/aarch64/describe/dt_parts.h - what nodes of the full tree have in common
 *
 * Linux Documentation/devicetree/bindings has the bindings. An address and a
 * size are two cells each. An `intid` is an interrupt ID of the GIC.
 */
#ifndef ARCH_AARCH64_DESCRIBE_DT_PARTS_H
#define ARCH_AARCH64_DESCRIBE_DT_PARTS_H

#include "common/describe/dt_writer.h"
#include "common/place/guest.h"

enum dt_phandle {
	DT_PHANDLE_GIC = 1,
	DT_PHANDLE_MSI = 2, /* the ITS or the GICv2m frame */
	DT_PHANDLE_CLOCK = 3,
	DT_PHANDLE_GPIO = 4,
	DT_PHANDLE_SMMU = 5,
	DT_PHANDLE_CPU = 0x100, /* The index of the CPU is added. */
};

/* The binding arm,gic.yaml defines the three cells of an interrupt. */
#define DT_INTERRUPT_CELL_COUNT 3

/* The last of the three cells has these flags. */
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

/* Writes the node's one interrupt, unless `intid` is 0. */
void dt_write_interrupt(void *fdt, uint32_t intid, bool is_edge);

/* dt_chosen.c: writes the properties that /chosen has in every tree. */
void dt_write_chosen(void *fdt, const struct machine *machine,
                     const struct guest *guest);

/* dt_cpus.c, dt_devices.c and dt_pci.c write nodes into the root. */
void dt_write_cpus(void *fdt, const struct machine *machine);
void dt_write_devices(void *fdt, const struct machine *machine);
void dt_write_pci(void *fdt, const struct machine *machine);

#endif
