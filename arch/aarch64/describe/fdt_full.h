/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/aarch64/describe/fdt_full.h - what the files of the full device tree
 * share */
#ifndef ARCH_AARCH64_DESCRIBE_FDT_FULL_H
#define ARCH_AARCH64_DESCRIBE_FDT_FULL_H

#include "arch/aarch64/describe/fdt_out.h"

enum fdt_phandle {
	FDT_PHANDLE_GIC = 1,
	FDT_PHANDLE_MSI = 2, /* ITS or GICv2m frame */
	FDT_PHANDLE_CLOCK = 3,
	FDT_PHANDLE_GPIO = 4,
	FDT_PHANDLE_SMMU = 5,
	FDT_PHANDLE_CPU = 0x100, /* plus its index */
};

/* Cells of an interrupt of the GIC: arm,gic.yaml */
#define FDT_INTERRUPT_CELL_COUNT 3

/* The same: the last of those cells */
enum fdt_interrupt_flags {
	FDT_INTERRUPT_EDGE_HIGH = 1,
	FDT_INTERRUPT_LEVEL_HIGH = 4,
	FDT_INTERRUPT_LEVEL_LOW = 8,
};

static inline enum fdt_interrupt_flags fdt_full_flags(bool is_edge,
                                                      bool is_active_low)
{
	return is_edge         ? FDT_INTERRUPT_EDGE_HIGH
	       : is_active_low ? FDT_INTERRUPT_LEVEL_LOW
	                       : FDT_INTERRUPT_LEVEL_HIGH;
}

/* fdt_full.c */
struct fdt_cell *fdt_full_put_interrupt(struct fdt_cell *cell, uint32_t intid,
                                        enum fdt_interrupt_flags flags);
void fdt_full_interrupt(struct fdt_out *out, uint32_t intid, bool is_edge);
void fdt_full_reg(struct fdt_out *out, const struct machine_range *ranges,
                  uint32_t count);

/* fdt_cpus.c */
void fdt_full_cpus(struct fdt_out *out, const struct machine *machine);

/* fdt_devices.c */
void fdt_full_devices(struct fdt_out *out, const struct machine *machine);

/* fdt_pci.c */
void fdt_full_pci(struct fdt_out *out, const struct machine *machine);

#endif
