/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/aarch64/paravisor/describe.c - what a paravisor's kernel reads */
#include "common/image.h"
#include "common/paravisor/paravisor.h"
#include "common/paravisor/tree.h"

/* The blob works wherever there is RAM, and PSCI starts a CPU anywhere. */
const struct machine_range arch_paravisor_hole = { 0, 0 };
const bool arch_paravisor_has_pool = false;

void paravisor_write_nodes(void *fdt, const struct machine *machine)
{
	static const struct tree_pool no_pool = { 0 };

	tree_write_bus(fdt, machine, &no_pool);
	tree_write_openhcl(fdt, machine, &no_pool);
}
