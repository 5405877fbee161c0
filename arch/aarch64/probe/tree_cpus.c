/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/aarch64/probe/tree_cpus.c - reads CPUs and how they are grouped
 *
 * The bindings are arm/cpus.yaml and, for cpu-map, cpu/cpu-topology.txt.
 */
#include "arch/aarch64/probe/tree_state.h"

#include "common/lib/console.h"
#include "common/lib/string.h"

#define PLACE_MAX 0xff /* limit for packages and clusters */
#define CORE_MAX  0xffff

/* cpu-map would have to name the very last core to reach this. */
#define PLACE_NONE UINT32_MAX

/* Keeps the order of the tree, but puts the CPU that we run on first. */
static void add_cpu(struct tree *tree, struct machine_cpu added,
                    uint32_t phandle)
{
	struct machine *machine = tree->machine;
	uint32_t index = machine->cpu_count++;
	struct machine_cpu *cpus = machine->cpus;
	uint32_t *phandles = tree->cpu_phandles;

	if (added.id == machine->arm.boot_mpidr) {
		for (; index; index--) {
			cpus[index] = cpus[index - 1];
			phandles[index] = phandles[index - 1];
		}
	}
	cpus[index].id = added.id;
	cpus[index].node = added.node;
	phandles[index] = phandle;
}

void tree_add_cpu(struct tree *tree)
{
	if (tree->machine->cpu_count == MACHINE_CPU_MAX)
		panic("fdt: CPUs: more than %u", MACHINE_CPU_MAX);
	add_cpu(tree, dt_read_cpu(&tree->dt, tree->machine),
	        dt_get_u32(&tree->dt, DT_PHANDLE, 0));
}

static bool is_digit(char c)
{
	return (uint8_t)(c - '0') < 10;
}

/* Returns the number at the end of a group's name, or `max` if it is less. */
static NOINLINE uint32_t group_number(const char *name, uint32_t max)
{
	uint32_t number = 0;

	while (*name && !is_digit(*name))
		name++;
	for (; is_digit(*name) && number <= max; name++)
		number = number * 10 + (*name - '0');
	return min_u64(number, max);
}

/* Groups nest as socket0/cluster0/core0/thread0. Some may be missing. */
static void enter_group(struct tree *tree, const char *name)
{
	uint32_t place = tree->place;

	if (name[0] == 's')
		place = MACHINE_PLACE(group_number(name, PLACE_MAX), 0, 0);
	else if (name[0] == 'c' && name[1] == 'l')
		place = MACHINE_PLACE(place >> MACHINE_PLACE_PACKAGE,
		                      group_number(name, PLACE_MAX), 0);
	else if (name[0] == 'c')
		place = (place & ~CORE_MAX) | group_number(name, CORE_MAX);
	tree->place = place;
}

void tree_add_cpu_group(struct tree *tree)
{
	enter_group(tree, dt_name(&tree->dt));
	if (!dt_has(&tree->dt, DT_CPU) || tree->place_count == MACHINE_CPU_MAX)
		return;
	tree->places[tree->place_count++] = (struct tree_place){
		.phandle = dt_get_u32(&tree->dt, DT_CPU, 0),
		.place = tree->place,
	};
}

/*
 * Finds the index of the CPU with that phandle. In most trees cpu-map has the
 * order of the CPUs, so the search starts at `hint`.
 */
static uint32_t find_cpu(const struct tree *tree, uint32_t phandle,
                         uint32_t hint)
{
	uint32_t count = tree->machine->cpu_count;

	for (uint32_t i = 0; i < count; i++) {
		uint32_t index = (hint + i) % count;

		if (tree->cpu_phandles[index] == phandle)
			return index;
	}
	panic("fdt: cpu-map: phandle %#x is no CPU", phandle);
}

/*
 * Places are used only if all CPUs have one and are sorted by place. If two
 * leaves of cpu-map name the same CPU, another one has none.
 */
void tree_place_cpus(struct tree *tree)
{
	struct machine *machine = tree->machine;
	struct machine_cpu *cpus = machine->cpus;

	if (tree->place_count != machine->cpu_count)
		return;
	for (uint32_t i = 0; i < machine->cpu_count; i++)
		cpus[i].place = PLACE_NONE;
	for (uint32_t i = 0; i < tree->place_count; i++) {
		const struct tree_place *place = &tree->places[i];

		cpus[find_cpu(tree, place->phandle, i)].place = place->place;
	}
	machine->has_cpu_places = true;
	for (uint32_t i = 0; i < machine->cpu_count; i++) {
		if (cpus[i].place == PLACE_NONE ||
		    (i && cpus[i].place < cpus[i - 1].place))
			machine->has_cpu_places = false;
	}
}
