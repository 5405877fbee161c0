/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/probe/cpus.c - how many processors there are, and their APIC IDs
 *
 * fw_cfg tells how many there are. The boot processor's CPUID tells how IDs are
 * made of thread, core and package numbers (SDM 3A, "Hierarchical Mapping of
 * Shared Resources"). The other processors are not asked, which would take a
 * wait for each. Without fw_cfg, tables of the VMM list them, or they are asked
 * after all.
 */
#include "arch/x86_64/probe/cpus.h"

#include "arch/x86_64/cpu.h"
#include "arch/x86_64/lib/smp.h"
#include "arch/x86_64/probe/facts.h"
#include "arch/x86_64/probe/mptable.h"
#include "arch/x86_64/probe/vmm_acpi.h"
#include "common/lib/console.h"
#include "common/spec/fw_cfg.h"

#define TOPOLOGY_LEVEL_MAX 4

/* Level l has `counts[l]` units of level l - 1, in `widths[l]` bits. */
struct topology {
	uint32_t level_count;
	bool is_dense; /* every number that a width allows is taken */
	uint32_t counts[TOPOLOGY_LEVEL_MAX];
	uint32_t widths[TOPOLOGY_LEVEL_MAX];
};

/* On old models, CPUID leaf 1 has the number of IDs in a package. */
static void read_old_topology(struct topology *topology)
{
	struct cpuid id = cpu_cpuid(1, 0);
	uint32_t count = id.edx >> 28 & 1 ? id.ebx >> 16 & 0xff : 1;

	if (count < 2)
		return;
	topology->level_count = 1;
	topology->counts[0] = count;
	topology->widths[0] = 32 - __builtin_clz(count - 1);
	topology->is_dense = count == 1U << topology->widths[0];
}

/* CPUID leaf 0BH, or 1FH if there are dies, has a sub-leaf for each level. */
static void read_topology(struct topology *topology)
{
	uint32_t leaf_max = cpu_cpuid(0, 0).eax;
	uint32_t leaf = leaf_max >= 0x1f && cpu_cpuid(0x1f, 0).ebx ? 0x1f : 0xb;
	uint32_t shift = 0, count = 1;

	topology->is_dense = true;
	topology->level_count = 0;
	if (leaf_max < leaf) {
		read_old_topology(topology);
		return;
	}
	for (uint32_t l = 0; l < TOPOLOGY_LEVEL_MAX; l++) {
		struct cpuid id = cpu_cpuid(leaf, l);

		if (!(id.ecx >> 8 & 0xff) || (id.ebx & 0xffff) < count ||
		    (id.eax & 31) < shift)
			return;
		topology->counts[l] = (id.ebx & 0xffff) / count;
		topology->widths[l] = (id.eax & 31) - shift;
		if (topology->counts[l] != 1U << topology->widths[l])
			topology->is_dense = false;
		count = id.ebx & 0xffff;
		shift = id.eax & 31;
		topology->level_count++;
	}
}

static uint32_t apic_id(const struct topology *topology, uint32_t index)
{
	uint32_t id = 0, shift = 0;

	for (uint32_t l = 0; l < topology->level_count; l++) {
		id |= index % topology->counts[l] << shift;
		index /= topology->counts[l];
		shift += topology->widths[l];
	}
	return id | index << shift;
}

/* Returns the number of CPUs that fw_cfg tells, or 0 if it tells none. */
static uint32_t fw_cfg_count(const struct fw_cfg *fw_cfg)
{
	uint32_t count = 0;

	if (fw_cfg->is_present)
		count = fw_cfg_read_u32(fw_cfg, FW_CFG_CPU_COUNT) & 0xffff;
	if (count > MACHINE_CPU_MAX)
		panic("CPUs: %u, at most %u", count, MACHINE_CPU_MAX);
	return count;
}

void cpus_put_boot_first(struct machine *machine)
{
	struct machine_cpu *cpus = machine->cpus;
	uint32_t id = smp_own_id();
	struct machine_cpu boot;
	uint32_t place = 0;

	facts_add_cpu(machine, id);
	while (cpus[place].id != id)
		place++;
	boot = cpus[place];
	for (; place; place--)
		cpus[place] = cpus[place - 1];
	cpus[0] = boot;
}

/*
 * Starts all other processors, since nobody tells of them. Each adds its ID to
 * a list.
 */
static void ask_processors(struct machine *machine)
{
	uint32_t count = smp_ask(machine->hypervisor);
	const uint32_t *ids = paddr_ptr(SCRATCH_BASE);

	/*
	 * cpus_put_boot_first() adds the boot processor's own ID, which must
	 * have room, too.
	 */
	for (uint32_t i = 0; i < count; i++)
		facts_add_cpu(machine, ids[i]);
}

/* Without fw_cfg, the VMM's tables count, or else the CPUs' own answers. */
void cpus_probe(struct machine *machine)
{
	uint32_t count = fw_cfg_count(&machine->fw_cfg);

	machine->cpu_source = "fw_cfg";
	machine->pc.has_late_cpus = !count;
	if (!count) {
		if (vmm_acpi_probe(machine)) {
			machine->cpu_source = "MADT";
		} else if (mptable_probe(machine)) {
			machine->cpu_source = "MP table";
		} else {
			machine->cpu_source = "answer";
			ask_processors(machine);
		}
		cpus_put_boot_first(machine);
		return;
	}
	cpus_number(machine, count);
}

void cpus_number(struct machine *machine, uint32_t count)
{
	struct topology topology;

	machine->cpu_count = count;
	machine->cpus[0] = (struct machine_cpu){ 0 };
	if (count == 1)
		return;

	read_topology(&topology);
	for (uint32_t i = 0; i < count; i++)
		machine->cpus[i] = (struct machine_cpu){
			.id = topology.is_dense ? i : apic_id(&topology, i),
		};
}
