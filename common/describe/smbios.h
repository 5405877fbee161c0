/* SPDX-License-Identifier: BSD-2-Clause */
/* common/describe/smbios.h - SMBIOS 3: who this machine says it is */
#ifndef COMMON_DESCRIBE_SMBIOS_H
#define COMMON_DESCRIBE_SMBIOS_H

#include "common/lib/compiler.h"
#include "common/machine/machine.h"
#include "common/spec/smbios.h"

/* Bytes that smbios_build() writes. */
#define SMBIOS_TABLES_SIZE 146

/* Bytes of the structures that smbios_write() will write. */
uint32_t smbios_size(const struct machine *machine);

/* Writes the VMM's structures from fw_cfg, if it has any, else our own. */
void smbios_write(const struct machine *machine, paddr_t tables);

/* Writes the structures of a machine whose VMM brings none, to any address. */
void smbios_build(void *tables, const struct machine *machine);

/* Writes the entry point: 24 bytes that lead to the structures at `tables`. */
void smbios_write_anchor(void *to, paddr_t tables, uint32_t size);

#endif
