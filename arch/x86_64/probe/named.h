/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/x86_64/probe/named.h - devices that the VMM's command line names */
#ifndef ARCH_X86_64_PROBE_NAMED_H
#define ARCH_X86_64_PROBE_NAMED_H

#include "common/machine/machine.h"

/*
 * Adds the devices to machine.pc.named, by which the kernel is told of them. If
 * nothing else has found slots of virtio-mmio, adds them to those, too.
 */
void named_probe(struct machine *machine);

#endif
