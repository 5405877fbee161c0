/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/payload/wrapped.h - kernels inside other files: UKI and EFI zboot
 */
#ifndef COMMON_PAYLOAD_WRAPPED_H
#define COMMON_PAYLOAD_WRAPPED_H

#include "common/payload/payload.h"

/*
 * Opens the payload's kernel file until it is one that the architecture can
 * place, or none at all, and sets payload->head. A kernel of the VMM's that is
 * a unified kernel image is opened in memory; what the VMM gave beside it stays
 * instead of what is in there.
 */
void wrapped_open(struct payload *payload, struct memory *memory);

#endif
