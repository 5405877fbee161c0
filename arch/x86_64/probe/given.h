/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/x86_64/probe/given.h - what a VMM tells the kernel it takes us for */
#ifndef ARCH_X86_64_PROBE_GIVEN_H
#define ARCH_X86_64_PROBE_GIVEN_H

#include "common/machine/handoff.h"
#include "common/machine/machine.h"

/*
 * Copies memory map, command line, modules, RSDP and random seed of a start
 * info (PVH) or of boot_params (Linux) to the machine; nothing at the reset
 * door. Before anything else, since they lie where the boot will work.
 */
void given_read(struct machine *machine, const struct handoff *handoff);

#endif
