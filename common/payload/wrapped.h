/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/payload/wrapped.h - kernels inside other files: UKI and EFI zboot
 */
#ifndef COMMON_PAYLOAD_WRAPPED_H
#define COMMON_PAYLOAD_WRAPPED_H

#include "common/payload/payload.h"

/*
 * Unwraps the payload's kernel file until the architecture can place it, or
 * until its wrapping is unknown. Sets payload->head. A unified kernel image
 * from the VMM is opened in memory; an initrd or a command line that the VMM
 * gave beside it wins over those inside.
 */
void wrapped_open(struct payload *payload, struct memory *memory);

#endif
