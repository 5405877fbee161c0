/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/aarch64/describe/acpi_iort.c - IORT: the path that DMA and MSIs of PCI
 * hosts take
 *
 * Arm DEN0049D. The path leads from the root complex to the SMMUv3 and on to
 * the ITS, or straight to the ITS. A GICv2m frame needs no IORT.
 */
#include "arch/aarch64/describe/acpi_iort.h"

#include "common/spec/acpi_arm.h"

#define ITS_GROUP_OFFSET sizeof(struct acpi_iort)
#define ALL_IDS          0x10000

/* These revisions of nodes are the ones that a revision 0 table has. */
#define REVISION_ROOT_COMPLEX 1
#define REVISION_SMMUV3       1

static void append_its_group(struct acpi *acpi)
{
	const struct acpi_iort_its_group group = {
		.node = {
			.type = ACPI_IORT_ITS_GROUP,
			.length = sizeof(group),
		},
		.its_count = 1,
	};

	acpi_append(acpi, &group, sizeof(group));
}

/* Appends the SMMUv3's node and returns its offset in the table. */
static uint32_t append_smmuv3(struct acpi *acpi, const struct machine_arm *arm)
{
	struct acpi_iort_smmuv3 smmu = {
		.node = {
			.type = ACPI_IORT_SMMUV3,
			.length = sizeof(smmu),
			.revision = REVISION_SMMUV3,
			.mapping_count = 1,
			.mapping_offset =
				offsetof(struct acpi_iort_smmuv3, mapping),
		},
		.base_address = arm->smmuv3.base,
		.flags = arm->smmuv3_is_coherent ? ACPI_IORT_SMMUV3_COHERENT
		                                 : 0,
		.event_gsiv = arm->smmuv3_intid[0],
		.pri_gsiv = arm->smmuv3_intid[1],
		.sync_gsiv = arm->smmuv3_intid[2],
		.gerr_gsiv = arm->smmuv3_intid[3],
		.mapping = {
			.last = ALL_IDS - 1,
			.output_reference = ITS_GROUP_OFFSET,
		},
	};

	if (!arm->its.size) {
		smmu.node.length = offsetof(struct acpi_iort_smmuv3, mapping);
		smmu.node.mapping_count = smmu.node.mapping_offset = 0;
	}
	return acpi_offset(acpi, acpi_append(acpi, &smmu, smmu.node.length));
}

/*
 * The root complex maps to the SMMU if DMA, and with it MSIs, goes through
 * the SMMU. Otherwise it maps to the ITS.
 */
static void append_root_complex(struct acpi *acpi,
                                const struct machine_pci_host *host,
                                uint32_t smmu_offset)
{
	const struct machine_id_map *map = &host->msi_map;
	struct acpi_iort_root_complex complex = {
		.node = {
			.type = ACPI_IORT_ROOT_COMPLEX,
			.length = sizeof(complex),
			.revision = REVISION_ROOT_COMPLEX,
			.mapping_count = 1,
			.mapping_offset = offsetof(
				struct acpi_iort_root_complex, mapping),
		},
		.cache_coherent = host->is_dma_coherent ? ACPI_IORT_COHERENT : 0,
		.memory_flags = host->is_dma_coherent ? ACPI_IORT_MEMORY_FLAGS
		                                      : 0,
		.segment = host->segment,
		.address_limit = ACPI_IORT_ADDRESS_LIMIT,
		.mapping = { .output_reference = ITS_GROUP_OFFSET },
	};

	if (smmu_offset && host->iommu_map.count) {
		map = &host->iommu_map;
		complex.mapping.output_reference = smmu_offset;
	}
	if (map->count) {
		complex.mapping.input_base = map->input;
		complex.mapping.output_base = map->output;
		complex.mapping.last = map->count - 1;
	} else {
		complex.node.length =
			offsetof(struct acpi_iort_root_complex, mapping);
		complex.node.mapping_count = 0;
		complex.node.mapping_offset = 0;
	}
	acpi_append(acpi, &complex, complex.node.length);
}

void acpi_arm_add_iort(struct acpi *acpi, const struct machine *machine)
{
	const struct machine_arm *arm = &machine->arm;
	uint32_t smmu_offset = 0, count = 0;
	struct acpi_iort *iort;

	if (!machine->pci_host_count || (!arm->its.size && !arm->smmuv3.size))
		return;
	iort = acpi_begin(acpi, "IORT", ACPI_IORT_REVISION, sizeof(*iort));
	iort->node_offset = sizeof(*iort);
	if (arm->its.size) {
		append_its_group(acpi);
		count++;
	}
	if (arm->smmuv3.size) {
		smmu_offset = append_smmuv3(acpi, arm);
		count++;
	}
	for (uint32_t i = 0; i < machine->pci_host_count; i++)
		append_root_complex(acpi, &machine->pci_hosts[i], smmu_offset);
	iort->node_count = count + machine->pci_host_count;
	acpi_end_listed(acpi);
}
