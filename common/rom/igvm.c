/* SPDX-License-Identifier: BSD-2-Clause */
/* common/rom/igvm.c - no host loads a ROM from an IGVM file, see image.h */
#include "common/image.h"

bool igvm_is_at(paddr_t paddr)
{
	(void)paddr;
	return false;
}

bool igvm_probe_ram(struct machine *machine, const struct handoff *handoff)
{
	(void)machine;
	(void)handoff;
	return false;
}

struct machine_range igvm_tree(const struct handoff *handoff)
{
	(void)handoff;
	return (struct machine_range){ 0 };
}

bool igvm_probe_cpus(struct machine *machine, const struct handoff *handoff)
{
	(void)machine;
	(void)handoff;
	return false;
}

void igvm_claim(struct memory *memory, const struct handoff *handoff)
{
	(void)memory;
	(void)handoff;
}

void igvm_append_cmdline(struct cmdline *cmdline, const struct payload *payload,
                         const struct machine *machine,
                         const struct handoff *handoff)
{
	(void)cmdline;
	(void)payload;
	(void)machine;
	(void)handoff;
}

bool igvm_take_node(struct machine *machine, const struct dt *dt)
{
	(void)machine;
	(void)dt;
	return false;
}

void igvm_check_nodes(const struct machine *machine)
{
	(void)machine;
}
