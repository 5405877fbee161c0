/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/aarch64/igvm/probe.c - the machine by what the host put into an IGVM
 * file
 *
 * The host's device tree tells all. If it gives none, the tree of the bundle
 * describes the machine, and the host's map and number of CPUs say how much of
 * it there is.
 */
#include "arch/aarch64/memmap.h"
#include "common/arch.h"
#include "common/igvm/given.h"
#include "common/igvm/params.h"
#include "common/image.h"
#include "common/lib/console.h"
#include "common/lib/string.h"
#include "common/machine/dt.h"

/* On this architecture RAM is anywhere. */
#define LOWEST 0

/* The kernel is told of RAM alone. */
static void drop_reserved(struct machine *machine)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < machine->ram_count; i++) {
		if (machine->ram[i].type == MEMORY_RAM)
			machine->ram[count++] = machine->ram[i];
	}
	machine->ram_count = count;
}

bool igvm_probe_ram(struct machine *machine, const struct handoff *handoff)
{
	struct machine_range run;

	if (handoff->door != DOOR_IGVM)
		return false;
	arch_map(handoff->given_paddr, IGVM_PAGE_SIZE);
	igvm_params_check(handoff, LOWEST, MAPPED_END);
	run = igvm_run(handoff);
	arch_map(run.base, run.size);
	if (igvm_tree(handoff).size || !igvm_read_memory_map(machine, handoff))
		return false;
	drop_reserved(machine);
	return true;
}

/* These are the host's random bytes, which are wiped where they were. */
static void take_entropy(struct machine *machine)
{
	struct machine_arm *arm = &machine->arm;
	const struct machine_host *host = &machine->host;
	uint32_t size = min_u64(host->entropy_size, sizeof(arm->rng_seed));

	if (!size || arm->fdt_is_ours)
		return;
	if (!arm->has_rng_seed) {
		memcpy(arm->rng_seed, host->entropy, size);
		arm->rng_seed_size = size;
		arm->has_rng_seed = true;
	}
	wipe(paddr_ptr(paddr_of(host->entropy)), host->entropy_size);
}

/* A tree lists the CPUs in the order in which the host makes them. */
static bool limit_cpus(struct machine *machine, const struct handoff *handoff)
{
	uint32_t count = igvm_read_cpu_count(handoff);

	if (igvm_tree(handoff).size || !count)
		return false;
	if (count > machine->cpu_count)
		panic("CPUs: the host has %u, the bundle's tree %u", count,
		      machine->cpu_count);
	machine->cpu_count = count;
	machine->cpu_source = "VP count";
	return true;
}

bool igvm_probe_cpus(struct machine *machine, const struct handoff *handoff)
{
	const char *cmdline;

	if (handoff->door != DOOR_IGVM)
		return false;
	/* The host may write its words into the tree, or beside it. */
	cmdline = igvm_read_cmdline(handoff);
	if (cmdline)
		machine->given.cmdline = cmdline;
	take_entropy(machine);
	return limit_cpus(machine, handoff) || igvm_tree(handoff).size;
}
