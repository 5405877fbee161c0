/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/aarch64/probe/tree.h - the machine, as a device tree describes it
 *
 * The input is the bytes of a tree; the output is struct machine. No device is
 * touched. Linux Documentation/devicetree/bindings has the bindings.
 */
#ifndef ARCH_AARCH64_PROBE_TREE_H
#define ARCH_AARCH64_PROBE_TREE_H

#include "common/machine/machine.h"

/*
 * Fills the machine from the tree at `base`, of which `available` bytes may be
 * read. Maps the UART that is the console as soon as it is known.
 */
void tree_read(struct machine *machine, const void *base, uint64_t available);

#endif
