/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/payload/this_boot.h - what the VMM's user says about one boot
 *
 * directboot(7) has the fw_cfg files, and the string of SMBIOS. A pin refuses
 * the files and passes over the string, words for the command line only if it
 * was not packed to allow these.
 */
#ifndef COMMON_PAYLOAD_THIS_BOOT_H
#define COMMON_PAYLOAD_THIS_BOOT_H

#include "common/machine/machine.h"
#include "common/memory/memory.h"
#include "common/payload/payload.h"

/*
 * Ends the boot if the VMM says anything about it, other than words for the
 * command line where the payload's options allow these.
 */
void this_boot_refuse(const struct payload *payload,
                      const struct fw_cfg *fw_cfg);

/* Sets the payload's options to what the VMM says. */
void this_boot_set_options(struct payload *payload,
                           const struct fw_cfg *fw_cfg);

/*
 * Appends the VMM's words to the payload's command line, those of SMBIOS first.
 * They count in all that the blob itself reads there, too.
 */
void this_boot_append(struct payload *payload, const struct machine *machine,
                      struct memory *memory);

#endif
