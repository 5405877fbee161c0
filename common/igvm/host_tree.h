/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/igvm/host_tree.h - the device tree that the host of an IGVM file gives
 *
 * The parameter IGVM_PARAMETER_DEVICE_TREE holds it. Nothing of it is measured.
 * OpenVMM writes such trees (openvmm_core, vm_loaders/igvm.rs), and OpenHCL's
 * host_fdt_parser reads them.
 */
#ifndef COMMON_IGVM_HOST_TREE_H
#define COMMON_IGVM_HOST_TREE_H

#include "common/machine/machine.h"

/*
 * Reads the host's tree at `base`, of which `available` bytes may be read, on a
 * machine that has nothing else in its tree: CPUs, memory, a serial port, the
 * command line, and the above. The CPU with number `boot_id` becomes the first.
 */
void host_tree_read(struct machine *machine, const void *base,
                    uint64_t available, uint32_t boot_id);

#endif
