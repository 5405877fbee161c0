/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/aarch64/probe/tree_names.c - properties of machines, see dt_names.h */
#include "common/arch.h"
#include "common/lib/compiler.h"

const char arch_property_names[][DT_NAME_SIZE] = {
	"#interrupt-cells",
	"#redistributor-regions",
	"always-on",
	"arm,msi-base-spi",
	"arm,msi-num-spis",
	"bus-range",
	"clock-frequency",
	"cpu",
	"current-speed",
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
	"method",
	"msi-map",
	"msi-parent",
	"no-map",
	"phandle",
	"redistributor-stride",
	"reg-shift",
	"reusable",
	"rng-seed",
	"serial0",
	"stdout-path",
};

const uint32_t arch_property_count = ARRAY_COUNT(arch_property_names);

static_assert(DT_COMMON_COUNT + ARRAY_COUNT(arch_property_names) ==
                      DT_PROPERTY_COUNT,
              "dt_names.h");
