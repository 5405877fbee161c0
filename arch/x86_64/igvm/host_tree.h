/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arch/x86_64/igvm/host_tree.h - the device tree that the host of an IGVM file
 * gives
 *
 * The parameter IGVM_PARAMETER_DEVICE_TREE holds it. Nothing of it is measured.
 * OpenVMM writes such trees (openvmm_core, vm_loaders/igvm.rs), and OpenHCL's
 * host_fdt_parser reads them.
 */
#ifndef ARCH_X86_64_IGVM_HOST_TREE_H
#define ARCH_X86_64_IGVM_HOST_TREE_H

#include "common/machine/machine.h"

/*
 * Reads the host's tree at `base`, of which `available` bytes may be read, on a
 * machine that has nothing of it yet: RAM and CPUs, both in ascending order,
 * their nodes, the command line, and what machine/host.h lists.
 */
void host_tree_read(struct machine *machine, const void *base,
                    uint64_t available);

#endif
