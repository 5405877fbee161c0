/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/aarch64/acpi_topology.c - SRAT and PPTT: which CPU is near what
 *
 * ACPI 6.4 sections 5.2.16 and 5.2.29.
 */
#include "arch/aarch64/acpi_arm.h"

#include "common/spec/acpi_arm.h"

void acpi_arm_add_srat(struct acpi *acpi, const struct machine *machine)
{
	struct acpi_srat *srat;

	if (!machine->node_count)
		return;
	srat = acpi_begin(acpi, "SRAT", ACPI_SRAT_REVISION, sizeof(*srat));
	srat->reserved1 = 1;
	for (uint32_t uid = 0; uid < machine->cpu_count; uid++) {
		const struct acpi_srat_gicc gicc = {
			.type = ACPI_SRAT_GICC,
			.length = sizeof(gicc),
			.proximity_domain = machine->cpus[uid].node,
			.processor_uid = uid,
			.flags = ACPI_SRAT_ENABLED,
		};

		acpi_append(acpi, &gicc, sizeof(gicc));
	}
	acpi_append_srat_memory(acpi, machine);
	acpi_end_listed(acpi);
}

/* One package whose cores are all alike. */
void acpi_arm_add_pptt(struct acpi *acpi, const struct machine *machine)
{
	struct acpi_pptt_node node = {
		.length = sizeof(node),
		.flags = ACPI_PPTT_PACKAGE | ACPI_PPTT_IDENTICAL,
	};

	acpi_begin(acpi, "PPTT", ACPI_PPTT_REVISION,
	           sizeof(struct acpi_header));
	acpi_append(acpi, &node, sizeof(node));
	node.flags = ACPI_PPTT_UID_VALID | ACPI_PPTT_LEAF;
	node.parent = sizeof(struct acpi_header);
	for (uint32_t uid = 0; uid < machine->cpu_count; uid++) {
		node.processor_uid = uid;
		acpi_append(acpi, &node, sizeof(node));
	}
	acpi_end_listed(acpi);
}
