/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * common/payload/uki.h - a unified kernel image: all that boots, as a PE file
 *
 * UAPI.5, "Unified Kernel Image".
 */
#ifndef COMMON_PAYLOAD_UKI_H
#define COMMON_PAYLOAD_UKI_H

#include "common/payload/payload.h"

/*
 * Takes kernel, microcode, initrd, command line and device tree of a unified
 * kernel image in memory, each unless the payload has it already. Panics if the
 * image has no kernel, is for another architecture or does not lie within
 * `size` bytes.
 */
void uki_open(struct payload *payload, const void *base, uint64_t size);

#endif
