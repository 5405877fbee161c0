/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/aarch64/describe/acpi_topology.c - SRAT and PPTT: how CPUs are grouped
 *
 * ACPI 6.4 sections 5.2.16 and 5.2.29.
 */
#include "arch/aarch64/describe/acpi_topology.h"

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

/* Appends a node; returns its offset in the table, which its children name. */
static uint32_t append_node(struct acpi *acpi, uint32_t flags, uint32_t parent,
                            uint32_t uid)
{
	const struct acpi_pptt_node node = {
		.length = sizeof(node),
		.flags = flags,
		.parent = parent,
		.processor_uid = uid,
	};

	return acpi_offset(acpi, acpi_append(acpi, &node, sizeof(node)));
}

/*
 * Each CPU is below its package, its cluster, and its core if a core has more
 * than one thread. If places are not known, all CPUs are cores of one package.
 * The CPUs are sorted by place, so a change of place starts a new group.
 */
void acpi_arm_add_pptt(struct acpi *acpi, const struct machine *machine)
{
	uint32_t count = machine->cpu_count, package = 0, cluster = 0, core = 0;
	const struct machine_cpu *cpu = machine->cpus;

	acpi_begin(acpi, "PPTT", ACPI_PPTT_REVISION,
	           sizeof(struct acpi_header));
	if (!machine->has_cpu_places)
		cluster = append_node(
			acpi, ACPI_PPTT_PACKAGE | ACPI_PPTT_IDENTICAL, 0, 0);
	for (uint32_t uid = 0; uid < count; uid++, cpu++) {
		uint32_t changed =
			uid ? cpu->place ^ cpu[-1].place : UINT32_MAX;
		bool is_thread = uid + 1 < count && cpu[1].place == cpu->place;

		if (!machine->has_cpu_places) {
			append_node(acpi, ACPI_PPTT_UID_VALID | ACPI_PPTT_LEAF,
			            cluster, uid);
			continue;
		}
		if (changed >> MACHINE_PLACE_PACKAGE)
			package = append_node(acpi, ACPI_PPTT_PACKAGE, 0, 0);
		if (changed >> MACHINE_PLACE_CLUSTER)
			cluster = append_node(acpi, 0, package, 0);
		if (changed)
			core = is_thread ? append_node(acpi, 0, cluster, 0) : 0;
		append_node(acpi,
		            ACPI_PPTT_UID_VALID | ACPI_PPTT_LEAF |
		                    (core ? ACPI_PPTT_THREAD : 0),
		            core ? core : cluster, uid);
	}
	acpi_end_listed(acpi);
}
