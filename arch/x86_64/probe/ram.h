/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/x86_64/probe/ram.h - which ranges are RAM */
#ifndef ARCH_X86_64_PROBE_RAM_H
#define ARCH_X86_64_PROBE_RAM_H

#include "common/machine/machine.h"

/*
 * Adds a range of an E820 type and returns it. If its size is 0, it adds
 * nothing.
 */
struct machine_ram *ram_add(struct machine *machine, uint64_t base,
                            uint64_t size, uint32_t type);

/*
 * Finds RAM by fw_cfg, else by what the door brought. Returns false if neither
 * tells of any.
 */
bool ram_probe(struct machine *machine);

#endif
