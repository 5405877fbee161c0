/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/x86_64/igvm/power.h - how power is controlled, where no table tells */
#ifndef ARCH_X86_64_IGVM_POWER_H
#define ARCH_X86_64_IGVM_POWER_H

#include "common/machine/machine.h"

/*
 * Describes Hyper-V's PM block, if a machine without a chipset that the blob
 * knows has one.
 */
void power_probe(struct machine *machine);

#endif
