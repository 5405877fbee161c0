/* SPDX-License-Identifier: BSD-2-Clause */
/* common/machine/dt_names.c - names of properties, see dt_names.h */
#include "common/machine/dt_names.h"

#include "common/arch.h"
#include "common/lib/string.h"

const char dt_common_names[DT_COMMON_COUNT][DT_NAME_SIZE] = {
	"#address-cells",
	"#size-cells",
	"bootargs",
	"compatible",
	"device_type",
	"memory-allocation-mode",
	"memory-size",
	"microsoft,igvm-type",
	"microsoft,message-connection-id",
	"microsoft,vtl",
	"model",
	"numa-node-id",
	"ranges",
	"reg",
	"status",
};

uint32_t dt_find_name(const char names[][DT_NAME_SIZE], uint32_t count,
                      const char *name)
{
	uint32_t first = 0, end = count;

	while (first < end) {
		uint32_t middle = (first + end) / 2;
		int order = strcmp(name, names[middle]);

		if (!order)
			return middle;
		if (order < 0)
			end = middle;
		else
			first = middle + 1;
	}
	return count;
}

enum dt_property dt_find_property(const char *name)
{
	uint32_t row = dt_find_name(dt_common_names, DT_COMMON_COUNT, name);

	if (row < DT_COMMON_COUNT)
		return row;
	row = dt_find_name(arch_property_names, arch_property_count, name);
	return row < arch_property_count ? DT_COMMON_COUNT + row
	                                 : DT_PROPERTY_COUNT;
}

const char *dt_property_name(enum dt_property property)
{
	return property < DT_COMMON_COUNT
	               ? dt_common_names[property]
	               : arch_property_names[property - DT_COMMON_COUNT];
}
