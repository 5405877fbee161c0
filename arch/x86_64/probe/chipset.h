/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/probe/chipset.h - the host bridge, and what it leaves to firmware
 */
#ifndef ARCH_X86_64_PROBE_CHIPSET_H
#define ARCH_X86_64_PROBE_CHIPSET_H

#include "common/machine/machine.h"

/* Returns the platform, by the host bridge's ID. fw_cfg is known. */
enum machine_platform chipset_platform(const struct machine *machine);

/*
 * Programs what Linux counts on and describes what is there: PCI hosts,
 * interrupt controllers, PM block, timers. RAM is known.
 */
void chipset_setup(struct machine *machine);

#endif
