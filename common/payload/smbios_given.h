/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/payload/smbios_given.h - the VMM's SMBIOS structures
 *
 * QEMU has them in fw_cfg. The kernel gets them as they are; words for its
 * command line may be among them, see directboot(7).
 */
#ifndef COMMON_PAYLOAD_SMBIOS_GIVEN_H
#define COMMON_PAYLOAD_SMBIOS_GIVEN_H

#include "common/machine/machine.h"
#include "common/memory/memory.h"

/* Structures of 1024 CPUs and 1 TiB of RAM take 150 KiB of QEMU. */
#define SMBIOS_GIVEN_SIZE_MAX 0x100000

/*
 * Reads the structures to RAM, once, and looks for the words. Panics if there
 * are more bytes of them than SMBIOS_GIVEN_SIZE_MAX.
 */
void smbios_given_read(struct machine *machine, struct memory *memory);

#endif
