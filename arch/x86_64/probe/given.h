/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/x86_64/probe/given.h - what a VMM tells the blob as its kernel */
#ifndef ARCH_X86_64_PROBE_GIVEN_H
#define ARCH_X86_64_PROBE_GIVEN_H

#include "common/machine/handoff.h"
#include "common/machine/machine.h"

/*
 * Copies memory map, command line, modules, RSDP and random seed from a start
 * info (PVH) or from boot_params (Linux) to the machine; at the reset door it
 * does nothing. This comes before anything else, since the boot will work where
 * they lie.
 */
void given_read(struct machine *machine, const struct handoff *handoff);

#endif
