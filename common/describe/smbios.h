/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/describe/smbios.h - SMBIOS 3: who this machine says it is
 *
 * DMTF DSP0134 3.4.
 */
#ifndef COMMON_DESCRIBE_SMBIOS_H
#define COMMON_DESCRIBE_SMBIOS_H

#include "common/lib/compiler.h"
#include "common/machine/machine.h"
#include "common/spec/smbios.h"

/* Bytes that smbios_build() writes. */
#define SMBIOS_TABLES_SIZE 146

/* Returns how many bytes smbios_write() needs. */
uint64_t smbios_size(const struct machine *machine);

/*
 * Writes the VMM's structures, or the blob's own if it has none. The VMM leaves
 * Type 0 to the firmware, so the blob's goes before the others. Returns where
 * the structures lie in the room.
 */
struct machine_range smbios_write(const struct machine *machine, paddr_t room);

/* Writes the blob's own structures for the machine, to any address. */
void smbios_build(void *tables, const struct machine *machine);

/* Writes the 24 bytes of the entry point, which leads to the structures. */
void smbios_write_anchor(void *to, const struct machine *machine,
                         struct machine_range tables);

#endif
