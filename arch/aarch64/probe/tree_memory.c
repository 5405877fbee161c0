/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/aarch64/probe/tree_memory.c - reads reserved memory, NUMA distances and
 * /chosen
 *
 * The bindings are numa.txt and reserved-memory.
 */
#include "arch/aarch64/probe/tree_state.h"

#include "common/lib/console.h"
#include "common/lib/string.h"

#define CELL_SIZE 4

/* bindings/numa.txt has the layout of a row and these distances. */
#define DISTANCE_ROW_CELLS 3
#define DISTANCE_LOCAL     10
#define DISTANCE_REMOTE    20

void tree_add_reserved(struct machine *machine, struct machine_range range,
                       bool is_no_map)
{
	if (!range.size)
		return;
	if (range.size > UINT64_MAX - range.base)
		panic("fdt: reserved memory: %#lx bytes at %#lx: beyond the "
		      "address space",
		      range.size, range.base);
	if (machine->reserved_count == MACHINE_RESERVED_MAX)
		panic("fdt: reserved memory: more than %u ranges",
		      MACHINE_RESERVED_MAX);
	machine->reserved[machine->reserved_count++] =
		(struct machine_reserved){ range, is_no_map };
}

/*
 * bindings/reserved-memory. The kernel may use a reusable range until a device
 * wants it back. We describe no such device, so the range is plain RAM.
 */
void tree_add_reserved_memory(struct tree *tree)
{
	bool is_no_map = dt_has(&tree->dt, DT_NO_MAP);
	struct machine_range range;

	if (dt_has(&tree->dt, DT_REUSABLE) && !is_no_map)
		return;
	for (uint32_t i = 0; dt_get_reg(&tree->dt, i, &range); i++)
		tree_add_reserved(tree->machine, range, is_no_map);
}

static void wipe_value(const struct dt *dt, enum dt_property property)
{
	const struct dt_value value = dt_get(dt, property);

	if (value.size)
		wipe(paddr_ptr(paddr_of(value.data)), value.size);
}

/*
 * Takes the random seeds, which are wiped where they were: the tree's RAM will
 * be the kernel's. If all bytes of a seed are 0, an earlier boot has taken it.
 */
static void take_seeds(struct machine_arm *arm, const struct dt *dt)
{
	const struct dt_value seed = dt_get(dt, DT_RNG_SEED);

	arm->kaslr_seed = dt_get_u64(dt, DT_KASLR_SEED, 0);
	arm->rng_seed_size = min_u64(seed.size, sizeof(arm->rng_seed));
	arm->has_rng_seed = false;
	for (uint32_t i = 0; i < arm->rng_seed_size; i++) {
		arm->rng_seed[i] = seed.data[i];
		arm->has_rng_seed |= seed.data[i] != 0;
	}
	if (arm->fdt_is_ours)
		return;
	wipe_value(dt, DT_RNG_SEED);
	wipe_value(dt, DT_KASLR_SEED);
}

void tree_read_chosen(struct tree *tree)
{
	struct machine_given *given = &tree->machine->given;
	const struct dt *dt = &tree->dt;
	const struct dt_value bootargs = dt_get(dt, DT_BOOTARGS);
	uint64_t end = dt_get_u64(dt, DT_INITRD_END, 0);

	given->initrd.base = dt_get_u64(dt, DT_INITRD_START, 0);
	if (end > given->initrd.base)
		given->initrd.size = end - given->initrd.base;
	given->cmdline = dt_first_string(&bootargs);
	take_seeds(&tree->machine->arm, dt);
	tree->stdout_path = dt_get(dt, DT_STDOUT_PATH);
}

/*
 * bindings/numa.txt: a row has two nodes and their distance, which holds in
 * both directions.
 */
void tree_add_distances(struct tree *tree)
{
	struct machine *machine = tree->machine;
	const struct dt_value matrix = dt_get(&tree->dt, DT_DISTANCE_MATRIX);
	uint32_t count = matrix.size / CELL_SIZE;

	memset(machine->distances, DISTANCE_REMOTE, sizeof(machine->distances));
	for (uint32_t i = 0; i < MACHINE_NODE_MAX; i++)
		machine->distances[i][i] = DISTANCE_LOCAL;
	for (uint32_t i = 0; i + DISTANCE_ROW_CELLS <= count;
	     i += DISTANCE_ROW_CELLS) {
		uint32_t a = dt_cell(&matrix, i);
		uint32_t b = dt_cell(&matrix, i + 1);
		uint32_t distance = dt_cell(&matrix, i + 2);

		if (a >= MACHINE_NODE_MAX || b >= MACHINE_NODE_MAX ||
		    distance > UINT8_MAX)
			dt_refuse(&tree->dt, DT_DISTANCE_MATRIX,
			          "too great a number");
		if (a == b ? distance != DISTANCE_LOCAL
		           : distance <= DISTANCE_LOCAL)
			dt_refuse(&tree->dt, DT_DISTANCE_MATRIX,
			          "no such distance of a node");
		machine->distances[a][b] = distance;
		machine->distances[b][a] = distance;
	}
	machine->has_distances = true;
}
