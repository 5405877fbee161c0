/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/probe/microvm.h - QEMU's machine without a chipset
 *
 * QEMU docs/system/i386/microvm.rst.
 */
#ifndef ARCH_X86_64_PROBE_MICROVM_H
#define ARCH_X86_64_PROBE_MICROVM_H

#include "common/machine/machine.h"

/* Describes what answers on MACHINE_PLATFORM_MICROVM, which has an I/O APIC. */
void microvm_probe(struct machine *machine);

#endif
