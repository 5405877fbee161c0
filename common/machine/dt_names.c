/* SPDX-License-Identifier: BSD-2-Clause */
/* common/machine/dt_names.c - names of properties, see dt_names.h */
#include "common/machine/dt_names.h"

#include "common/lib/string.h"

/* The names are sorted, in the order of enum dt_property. */
const char dt_property_names[DT_PROPERTY_COUNT][DT_NAME_SIZE] = {
	"#address-cells",
	"#interrupt-cells",
	"#redistributor-regions",
	"#size-cells",
	"always-on",
	"arm,msi-base-spi",
	"arm,msi-num-spis",
	"bootargs",
	"bus-range",
	"clock-frequency",
	"compatible",
	"cpu",
	"current-speed",
	"device_type",
	"distance-matrix",
	"dma-coherent",
	"dma-noncoherent",
	"gpios",
	"interrupt-map",
	"interrupt-map-mask",
	"interrupt-names",
	"interrupt-parent",
	"interrupts",
	"iommu-map",
	"kaslr-seed",
	"linux,code",
	"linux,initrd-end",
	"linux,initrd-start",
	"linux,pci-domain",
	"memory-allocation-mode",
	"memory-size",
	"method",
	"microsoft,igvm-type",
	"microsoft,message-connection-id",
	"microsoft,vtl",
	"model",
	"msi-map",
	"msi-parent",
	"no-map",
	"numa-node-id",
	"phandle",
	"ranges",
	"redistributor-stride",
	"reg",
	"reg-shift",
	"reusable",
	"rng-seed",
	"serial0",
	"status",
	"stdout-path",
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
