/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/machine/fdt_names.h - the names of properties that are read or written
 *
 * Bindings: Linux Documentation/devicetree. The table of names is at once the
 * strings block of the trees that we write, so that no name is ever looked for
 * or copied by itself.
 */
#ifndef COMMON_MACHINE_FDT_NAMES_H
#define COMMON_MACHINE_FDT_NAMES_H

#include "common/lib/compiler.h"
#include "common/machine/name_index.h"

#define FDT_LONG_NAME_MAX 28 /* of a name that is only written */

/* In the order of the names in fdt_names.c. */
enum fdt_property {
	FDT_INTERRUPT_CELLS,
	FDT_REDISTRIBUTOR_REGIONS,
	FDT_ALWAYS_ON,
	FDT_MSI_BASE_SPI,
	FDT_MSI_NUM_SPIS,
	FDT_BUS_RANGE,
	FDT_CLOCK_FREQUENCY,
	FDT_COMPATIBLE,
	FDT_CPU,
	FDT_CURRENT_SPEED,
	FDT_DEVICE_TYPE,
	FDT_DISTANCE_MATRIX,
	FDT_DMA_COHERENT,
	FDT_DMA_NONCOHERENT,
	FDT_ENABLE_METHOD,
	FDT_GPIOS,
	FDT_INTERRUPT_MAP,
	FDT_INTERRUPT_MAP_MASK,
	FDT_INTERRUPT_NAMES,
	FDT_INTERRUPT_PARENT,
	FDT_INTERRUPTS,
	FDT_IOMMU_MAP,
	FDT_LINUX_CODE,
	FDT_PCI_DOMAIN,
	FDT_METHOD,
	FDT_MSI_MAP,
	FDT_MSI_PARENT,
	FDT_NO_MAP,
	FDT_NUMA_NODE_ID,
	FDT_PHANDLE,
	FDT_RANGES,
	FDT_REDISTRIBUTOR_STRIDE,
	FDT_REG,
	FDT_REG_SHIFT,
	FDT_REUSABLE,
	FDT_SERIAL0,
	FDT_STATUS,
	FDT_STDOUT_PATH,
	/* From here on those that the tree of ACPI mode has. */
	FDT_ADDRESS_CELLS,
	FDT_SIZE_CELLS,
	FDT_BOOTARGS,
	FDT_KASLR_SEED,
	FDT_INITRD_END,
	FDT_INITRD_START,
	FDT_RNG_SEED,
	FDT_READ_COUNT,
	/* From here on only written. */
	FDT_CLOCK_CELLS = FDT_READ_COUNT,
	FDT_GPIO_CELLS,
	FDT_IOMMU_CELLS,
	FDT_MSI_CELLS,
	FDT_BANK_WIDTH,
	FDT_CLOCK_NAMES,
	FDT_CLOCK_OUTPUT_NAMES,
	FDT_CLOCKS,
	FDT_GPIO_CONTROLLER,
	FDT_INTERRUPT_CONTROLLER,
	FDT_LABEL,
	FDT_UEFI_MAP_VERSION,
	FDT_UEFI_MAP_ROW_SIZE,
	FDT_UEFI_MAP_SIZE,
	FDT_UEFI_MAP_START,
	FDT_UEFI_SECURE_BOOT,
	FDT_UEFI_SYSTEM_TABLE,
	FDT_MODEL,
	FDT_MSI_CONTROLLER,
	FDT_PROPERTY_COUNT,
};

static_assert(FDT_READ_COUNT < 64, "fdt.h: struct fdt: present");

struct fdt_names {
	char read[FDT_READ_COUNT][NAME_ROW_SIZE];
	char written[FDT_PROPERTY_COUNT - FDT_READ_COUNT][FDT_LONG_NAME_MAX];
};

extern const HIDDEN struct fdt_names fdt_names;
extern const HIDDEN struct name_index fdt_name_index;

/* One of those that are read; FDT_READ_COUNT: none. */
static inline enum fdt_property fdt_find_name(const char *name,
                                              uint64_t available)
{
	uint32_t row = name_index_find(&fdt_name_index, fdt_names.read[0], name,
	                               available);

	return row == NAME_UNKNOWN ? FDT_READ_COUNT : (enum fdt_property)row;
}

/* Where a property's name is in the table. */
static inline uint32_t fdt_name_offset(enum fdt_property property)
{
	uint32_t written = property - FDT_READ_COUNT;

	return property < FDT_READ_COUNT ? property * NAME_ROW_SIZE
	                                 : offsetof(struct fdt_names, written) +
	                                           written * FDT_LONG_NAME_MAX;
}

#endif
