/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/x86_64/probe/named.h - devices that the VMM's command line names */
#ifndef ARCH_X86_64_PROBE_NAMED_H
#define ARCH_X86_64_PROBE_NAMED_H

#include "common/machine/machine.h"

/*
 * Takes them into machine.pc.named, by which the kernel is told of them, and
 * where nothing else has found slots of virtio-mmio, as those.
 */
void named_probe(struct machine *machine);

#endif
