/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/igvm/probe.c - RAM and CPUs by what the host put into an IGVM
 * file
 *
 * QEMU gives a map of RAM and the number of CPUs; the rest of its machine is as
 * behind the reset vector. OpenVMM and Hyper-V give ACPI tables, too, but no
 * FADT (power.c), and a device tree. What the host has left out is all zeros.
 *
 * RAM, CPUs and nodes come from one of these: the map, MADT and SRAT; the tree,
 * if there is no MADT; the map and the number of CPUs, if there is no tree
 * either. Of the tree the rest is taken in any case. The command line of its
 * own area comes before the tree's.
 */
#include "arch/x86_64/igvm/host_tree.h"
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
#include "common/lib/string.h"
#include "common/spec/linux_x86.h"

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

static const struct acpi_header *find_madt(const struct handoff *handoff)
{
	return find_table(handoff, IGVM_PARAMETER_MADT,
	                  sizeof(struct acpi_madt));
}

/*
 * The host's random bytes become the kernel's seed, and are wiped where they
 * were.
 */
static void take_entropy(struct machine *machine)
{
	const struct machine_host *host = &machine->host;
	struct setup_data *seed = paddr_ptr(SEED_BASE);
	uint32_t size = min_u64(host->entropy_size, SEED_SIZE - sizeof(*seed));

	if (!size)
		return;
	*seed = (struct setup_data){ .type = SETUP_RNG_SEED, .len = size };
	memcpy(seed + 1, host->entropy, size);
	wipe(paddr_ptr(paddr_of(host->entropy)), host->entropy_size);
	machine->pc.setup_data_paddr = SEED_BASE;
}

/* Returns true if the tree tells RAM and CPUs. */
static bool read_tree(struct machine *machine, const struct handoff *handoff)
{
	const struct machine_range tree = igvm_tree(handoff);

	if (!tree.size)
		return false;
	host_tree_read(machine, paddr_ptr(tree.base), tree.size);
	take_entropy(machine);
	if (!find_madt(handoff))
		return true;
	machine->ram_count = 0;
	machine->cpu_count = 0;
	machine->node_count = 0;
	return false;
}

bool igvm_probe_ram(struct machine *machine, const struct handoff *handoff)
{
	const char *cmdline;
	bool is_told;

	if (handoff->door != DOOR_IGVM)
		return false;
	/* The door has mapped this, and has begun to work below it. */
	igvm_params_check(handoff, HIGH_RAM_BASE, DOOR_MAP_END);
	machine->door_name = "IGVM file";
	is_told = read_tree(machine, handoff);
	cmdline = igvm_read_cmdline(handoff);
	if (cmdline)
		machine->given.cmdline = cmdline;
	/* QEMU's -kernel is not this blob, as behind the reset vector. */
	machine->given.has_kernel = machine->fw_cfg.is_present;
	return is_told || igvm_read_memory_map(machine, handoff);
}

/* Puts the boot CPU first, which the tree must list. */
static void order_cpus(struct machine *machine)
{
	uint32_t count = machine->cpu_count;

	cpus_put_boot_first(machine);
	if (machine->cpu_count != count)
		panic("fdt: CPUs: none of %u is %#x, which runs", count,
		      (uint32_t)machine->cpus[0].id);
	machine->cpu_source = "device tree";
}

bool igvm_probe_cpus(struct machine *machine, const struct handoff *handoff)
{
	const struct acpi_header *madt, *srat;
	uint32_t count;

	if (handoff->door != DOOR_IGVM)
		return false;
	power_probe(machine);
	if (machine->cpu_count) {
		order_cpus(machine);
		return true;
	}
	count = igvm_read_cpu_count(handoff);
	madt = find_madt(handoff);
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
