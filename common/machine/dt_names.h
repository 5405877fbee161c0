/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/machine/dt_names.h - the names of properties that somebody asks for
 *
 * Bindings: Linux Documentation/devicetree. Each table of names is sorted, and
 * searched by halving. tests/unit/test_fdt.c proves the order.
 */
#ifndef COMMON_MACHINE_DT_NAMES_H
#define COMMON_MACHINE_DT_NAMES_H

#include "common/lib/compiler.h"

/*
 * Bytes of a name with its NUL. Names are rows of a table, since pointers would
 * need relocation.
 */
#define DT_NAME_SIZE 32

/*
 * First those of which common/ asks, then those of AArch64's machines. Either
 * part is in the order of its names.
 */
enum dt_property {
	DT_ADDRESS_CELLS,
	DT_SIZE_CELLS,
	DT_BOOTARGS,
	DT_COMPATIBLE,
	DT_DEVICE_TYPE,
	DT_ALLOCATION_MODE,
	DT_MEMORY_SIZE,
	DT_IGVM_TYPE,
	DT_CONNECTION_ID,
	DT_VTL,
	DT_MODEL,
	DT_NUMA_NODE_ID,
	DT_RANGES,
	DT_REG,
	DT_STATUS,
	DT_COMMON_COUNT,

	DT_INTERRUPT_CELLS = DT_COMMON_COUNT,
	DT_REDISTRIBUTOR_REGIONS,
	DT_ALWAYS_ON,
	DT_MSI_BASE_SPI,
	DT_MSI_NUM_SPIS,
	DT_BUS_RANGE,
	DT_CLOCK_FREQUENCY,
	DT_CPU,
	DT_CURRENT_SPEED,
	DT_DISTANCE_MATRIX,
	DT_DMA_COHERENT,
	DT_DMA_NONCOHERENT,
	DT_GPIOS,
	DT_INTERRUPT_MAP,
	DT_INTERRUPT_MAP_MASK,
	DT_INTERRUPT_NAMES,
	DT_INTERRUPT_PARENT,
	DT_INTERRUPTS,
	DT_IOMMU_MAP,
	DT_KASLR_SEED,
	DT_LINUX_CODE,
	DT_INITRD_END,
	DT_INITRD_START,
	DT_PCI_DOMAIN,
	DT_METHOD,
	DT_MSI_MAP,
	DT_MSI_PARENT,
	DT_NO_MAP,
	DT_PHANDLE,
	DT_REDISTRIBUTOR_STRIDE,
	DT_REG_SHIFT,
	DT_REUSABLE,
	DT_RNG_SEED,
	DT_SERIAL0,
	DT_STDOUT_PATH,
	DT_PROPERTY_COUNT,
};

extern const HIDDEN char dt_common_names[DT_COMMON_COUNT][DT_NAME_SIZE];

/* Returns the property's name. */
const char *dt_property_name(enum dt_property property);

/* Returns the property of that name, or DT_PROPERTY_COUNT. */
enum dt_property dt_find_property(const char *name);

/* Returns the row of `name` in a sorted table of `count` names, or `count`. */
uint32_t dt_find_name(const char names[][DT_NAME_SIZE], uint32_t count,
                      const char *name);

#endif
