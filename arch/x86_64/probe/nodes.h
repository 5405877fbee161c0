/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/x86_64/probe/nodes.h - NUMA nodes of RAM and CPUs, by fw_cfg */
#ifndef ARCH_X86_64_PROBE_NODES_H
#define ARCH_X86_64_PROBE_NODES_H

#include "common/machine/machine.h"

/*
 * Sets the nodes of RAM and CPUs, which are known. Cuts a range of RAM where a
 * node ends.
 */
void nodes_probe(struct machine *machine);

#endif
