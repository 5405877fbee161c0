/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/igvm/probe.c - RAM and CPUs by what the host put into an IGVM
 * file
 *
 * QEMU gives a map of RAM and the number of CPUs; the rest of its machine is as
 * behind the reset vector. OpenVMM and Hyper-V give ACPI tables, too, but no
 * FADT (power.c). A table that the host has left out is all zeros.
 */
#include "arch/x86_64/igvm/nodes.h"
#include "arch/x86_64/igvm/power.h"
#include "arch/x86_64/memmap.h"
#include "arch/x86_64/probe/cpus.h"
#include "arch/x86_64/probe/vmm_madt.h"
#include "arch/x86_64/probe/vmm_table.h"
#include "common/igvm/given.h"
#include "common/igvm/params.h"
#include "common/image.h"
#include "common/lib/console.h"

bool igvm_probe_ram(struct machine *machine, const struct handoff *handoff)
{
	if (handoff->door != DOOR_IGVM)
		return false;
	/* The door has mapped this, and has begun to work below it. */
	igvm_params_check(handoff, HIGH_RAM_BASE, DOOR_MAP_END);
	machine->door_name = "IGVM file";
	machine->given.cmdline = igvm_read_cmdline(handoff);
	/* QEMU's -kernel is not this blob, as behind the reset vector. */
	machine->given.has_kernel = machine->fw_cfg.is_present;
	return igvm_read_memory_map(machine, handoff);
}

/*
 * Returns the table in an area, of at least so many bytes, or NULL if the host
 * has put none there.
 */
static const struct acpi_header *find_table(const struct handoff *handoff,
                                            enum igvm_parameter parameter,
                                            uint32_t least)
{
	const struct machine_range area = igvm_area(handoff, parameter);
	const struct acpi_header *table = paddr_ptr(area.base);
	uint32_t left = area.size;

	if (!area.size || !table->signature)
		return NULL;
	table = vmm_table_open(area.base, &left);
	if (table->length < least)
		panic("acpi: host's table at %#lx: %#x bytes, at least %#x",
		      area.base, table->length, least);
	return table;
}

bool igvm_probe_cpus(struct machine *machine, const struct handoff *handoff)
{
	const struct acpi_header *madt, *srat;
	uint32_t count;

	if (handoff->door != DOOR_IGVM)
		return false;
	power_probe(machine);
	count = igvm_read_cpu_count(handoff);
	madt = find_table(handoff, IGVM_PARAMETER_MADT,
	                  sizeof(struct acpi_madt));
	if (madt) {
		machine->cpu_source = "MADT";
		vmm_madt_read(machine, madt);
		cpus_put_boot_first(machine);
	} else if (count) {
		machine->cpu_source = "VP count";
		cpus_number(machine, count);
	} else {
		return false;
	}
	srat = find_table(handoff, IGVM_PARAMETER_SRAT,
	                  sizeof(struct acpi_srat));
	if (srat)
		nodes_read_srat(machine, srat);
	return true;
}
